/* For targets that read YAML: libfyaml 0.7.12 does not give back a buffer in which it read a quoted
 * text that does not end. */
#ifndef WEAL_FUZZ_YAML_LEAK_H
#define WEAL_FUZZ_YAML_LEAK_H

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libfyaml.so"; }

#endif
