// check.js datapackage.json: whether the descriptor is valid and each file is as its Table Schema says; prints what was read.
const path = require('path')
const { Package } = require('datapackage')

async function main(file) {
  const found = await Package.load(file, { basePath: path.dirname(file) })
  if (!found.valid) throw new Error(found.errors.map(String).join('\n'))
  let rows = 0
  for (const resource of found.resources) {
    rows += (await resource.read({ keyed: true })).length
    if (!resource.valid) throw new Error(resource.name)
  }
  console.log(`${found.resources.length} files, ${rows} rows`)
}
main(process.argv[2]).catch((e) => { console.error(String(e), (e.errors || []).map(String)); process.exit(1) })
