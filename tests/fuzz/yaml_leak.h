/* For targets that read YAML: libfyaml leaves the list of a malformed text's pieces behind, which
 * is not what these targets look for. */
#ifndef WEAL_FUZZ_YAML_LEAK_H
#define WEAL_FUZZ_YAML_LEAK_H

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libfyaml"; }

#endif
