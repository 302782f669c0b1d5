/* The form of an identifier, as a row of the policy pack gives it: `9{14}`, `D9{6,8}X`.
 *
 *   9   a digit            A   a letter            X   a letter or a digit
 *   any other capital letter or digit stands for itself
 *   {4} {4,16}
 *       after one of these: how often it comes. The value must have capital letters and digits
 *       only.
 */
#ifndef WEAL_BASE_NUMBER_FORM_H
#define WEAL_BASE_NUMBER_FORM_H

#include "base/text.h"

enum { NUMBER_FORM_VALUE_MAX = 64 };

/* Whether a form is valid, and fits only values that are not empty and not longer than
 * NUMBER_FORM_VALUE_MAX. */
bool number_form_valid(struct span form);
/* Whether all that fits the form is two digits or more, as a check digit needs. `form` is valid. */
bool number_form_has_check_digit(struct span form);
/* `form` is valid. */
bool number_form_fits(struct span form, struct span value);

/* Check digits by name: `luhn` (ISO/IEC 7812-1), `mod11` (as of the NHS number: the digits before
 * the last with weights from their count + 1 down to 2). An empty name is none: always right. */
bool check_digit_known(struct span name);
bool check_digit_right(struct span name, struct span value);

#endif
