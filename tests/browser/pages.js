'use strict'
module.exports = { checkPages: async () => {} }
