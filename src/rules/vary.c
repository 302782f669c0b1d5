#include "rules/vary.h"

#include "base/json.h"
#include "base/refusal.h"
#include "base/worker.h"
#include "rules/page.h"
#include "rules/run.h"
#include <float.h>
#include <math.h>

/* ---- the household, once for each point ---- */

static enum status row_of_person(const struct vary_request *q, int *row, struct error *err) {
  const struct situation *s = q->situation;
  const int entity = q->input->entity->index;
  int given = 0;
  if (q->person && situation_row(s, q->input->entity, span_of(q->person), &given, err) != DONE)
    return err->code;
  for (int i = 0; i < s->rows[entity]; i++)
    if (s->pop->order[entity][i] == given) *row = i;
  return DONE;
}

static struct rule_population *copies(struct arena *arena, const struct vary_request *q,
                                      int count) {
  const struct rule_population *one = q->situation->pop;
  int rows[RULE_ENTITIES_MOST];
  for (int e = 0; e < RULE_ENTITIES_MOST; e++) rows[e] = one->rows[e] * count;
  struct rule_population *pop = rule_population_make(arena, q->rules, rows);
  for (int g = 1; g < q->rules->entity_count; g++) {
    if (one->role[g]) pop->role[g] = arena_array(arena, signed char, rows[0] + 1);
    for (int n = 0; n < count; n++)
      for (int i = 0; i < one->rows[0]; i++) {
        pop->member[g][n * one->rows[0] + i] = n * one->rows[g] + one->member[g][i];
        if (one->role[g]) pop->role[g][n * one->rows[0] + i] = one->role[g][i];
      }
  }
  for (int c = 0; c < one->column_count; c++) {
    const struct rule_population_column *from = &one->columns[c];
    const int each = one->rows[from->variable->entity->index];
    double *to = rule_population_column(pop, from->variable, from->period);
    for (int n = 0; n < count; n++) memcpy(to + n * each, from->values, sizeof *to * (size_t)each);
  }
  return pop;
}

static enum status compute(struct arena *arena, const struct vary_request *q,
                           struct rule_population *pop, struct vary_points *out,
                           struct error *err) {
  const struct situation *s = q->situation;
  const int entity = q->output->entity->index, rows = pop->rows[entity];
  struct compiler *c = compiler_make(arena, q->rules, pop, s->annual ? READ_ANNUAL : READ_LEGAL);
  struct run_output output = {.name = q->output->name,
                              .rows = rows,
                              .values = arena_array(arena, double, rows + 1)};
  enum status status = compile_over(c, q->output, s->period, &output.step, err);
  if (status == DONE) status = run_plan(arena, c, &output, 1, workers_count(), err);
  for (int i = 0; i < rows && status == DONE; i++) {
    const int given = pop->order[entity][i];
    out->outputs[given / s->pop->rows[entity]] += output.values[i];
  }
  return status;
}

enum status vary_run(struct arena *arena, const struct vary_request *q, struct vary_points *out,
                     struct error *err) {
  int row = 0;
  enum status status = row_of_person(q, &row, err);
  if (status != DONE) return status;
  const double points = q->step > 0 && q->to >= q->from ? floor((q->to - q->from) / q->step) + 1
                                                        : 0;
  if (!(points >= 2) || points > VARY_POINTS_MOST)
    return refuse(err, RULE_POINTS_MOST, VARY_POINTS_MOST);
  out->count = (int)points;
  out->inputs = arena_array(arena, double, out->count);
  out->outputs = arena_array(arena, double, out->count);
  out->rates = arena_array(arena, double, out->count);
  struct rule_population *pop = copies(arena, q, out->count);
  const struct rule_period period = situation_period(q->situation, q->input, q->situation->period);
  double *values = rule_population_column(pop, q->input, period);
  const int each = q->situation->pop->rows[q->input->entity->index];
  for (int n = 0; n < out->count; n++)
    values[n * each + row] = out->inputs[n] = q->from + n * q->step;
  rule_population_settle(pop);
  status = compute(arena, q, pop, out, err);
  for (int n = 0; n < out->count; n++)
    out->rates[n] = n + 1 < out->count ? (out->outputs[n + 1] - out->outputs[n]) / q->step
                                       : (double)NAN;
  return status;
}

/* ---- as tables ---- */

static const char *sign(const struct vary_request *q) {
  return q->rules->money_sign ? q->rules->money_sign : "";
}

static const char *label(const struct rule_variable *v) { return v->label ? v->label : v->name; }

void vary_csv(const struct vary_request *q, const struct vary_points *p, struct text *out) {
  text_addf(out, "%s,%s,kept_of_each_further_pound\n", q->input->name, q->output->name);
  for (int i = 0; i < p->count; i++) {
    text_addf(out, "%.2f,%.2f,", p->inputs[i], p->outputs[i]);
    if (!isnan(p->rates[i])) text_addf(out, "%.4f", p->rates[i]);
    text_add_char(out, '\n');
  }
}

static void json_decimals(struct json *j, const char *key, double x, int decimals) {
  char digits[DBL_MAX_10_EXP + 16];
  if (isnan(x)) json_none(j, key);
  else {
    snprintf(digits, sizeof digits, "%.*f", decimals, x);
    json_text(j, key, span_of(digits));
  }
}

void vary_json(const struct vary_request *q, const struct vary_points *p, struct text *out) {
  struct json j;
  json_begin(&j, out);
  json_open_object(&j, NULL);
  json_text(&j, "input", span_of(q->input->name));
  json_text(&j, "output", span_of(q->output->name));
  json_open_array(&j, "points");
  for (int i = 0; i < p->count; i++) {
    json_open_object(&j, NULL);
    json_decimals(&j, "given", p->inputs[i], 2);
    json_decimals(&j, "comes_to", p->outputs[i], 2);
    json_decimals(&j, "kept_of_each_further_pound", p->rates[i], 4);
    json_close_object(&j);
  }
  json_close_array(&j);
  json_close_object(&j);
  text_add_char(out, '\n');
}

void vary_text(const struct vary_request *q, const struct vary_points *p, struct text *out) {
  text_addf(out, "%s, as %s changes\n\n%14s %14s      for each %s1 more\n", label(q->output),
            q->input->name, "given", "comes to", sign(q));
  for (int i = 0; i < p->count; i++) {
    text_addf(out, "%14.2f %14.2f ", p->inputs[i], p->outputs[i]);
    if (isnan(p->rates[i])) text_add(out, "\n");
    else text_addf(out, "%21.2f\n", p->rates[i]);
  }
}

/* ---- charts ---- */

enum { CHART_WIDTH = 720, CHART_HEIGHT = 280, LEFT = 84, BELOW = 44, ABOVE = 14, RIGHT = 14 };

struct chart {
  const char *title, *across, *money; /* the sign of amounts */
  double x_least, x_most, y_least, y_most;
  bool is_percent; /* up is a share, in percent */
};

/* 1, 2 or 5 times a power of ten, so that some five lines stand between the ends. */
static double line_step(double range) {
  const double rough = range / 5, power = pow(10, floor(log10(rough)));
  const double times = rough / power;
  return (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * power;
}

static double chart_x(const struct chart *c, double x) {
  return LEFT + (x - c->x_least) / (c->x_most - c->x_least) * (CHART_WIDTH - LEFT - RIGHT);
}

static double chart_y(const struct chart *c, double y) {
  return CHART_HEIGHT - BELOW -
         (y - c->y_least) / (c->y_most - c->y_least) * (CHART_HEIGHT - BELOW - ABOVE);
}

static void add_thousands(struct text *out, double x) {
  char digits[DBL_MAX_10_EXP + 16];
  snprintf(digits, sizeof digits, "%.0f", x);
  const int n = (int)strlen(digits);
  for (int i = 0; i < n; i++) {
    if (i && (n - i) % 3 == 0) text_add_char(out, ',');
    text_add_char(out, digits[i]);
  }
}

static void chart_frame(struct text *out, const struct chart *c) {
  text_add(out, "<figure>\n<figcaption>");
  text_add_html(out, span_of(c->title));
  text_addf(out, "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"",
            CHART_WIDTH, CHART_HEIGHT);
  text_add_html(out, span_of(c->title));
  text_add(out, "\">\n");
  const double up = line_step(c->y_most - c->y_least), across = line_step(c->x_most - c->x_least);
  for (double y = ceil(c->y_least / up) * up; y <= c->y_most + up / 1e6; y += up) {
    text_addf(out,
              "<path class=\"line\" d=\"M%d %.1fH%d\"/><text class=\"up\" x=\"%d\" y=\"%.1f\">",
              LEFT, chart_y(c, y), CHART_WIDTH - RIGHT, LEFT - 8, chart_y(c, y) + 4);
    if (y < 0) text_add_char(out, '-');
    if (!c->is_percent) text_add_html(out, span_of(c->money));
    add_thousands(out, fabs(y));
    text_add(out, c->is_percent ? "%</text>\n" : "</text>\n");
  }
  for (double x = ceil(c->x_least / across) * across; x <= c->x_most + across / 1e6; x += across) {
    text_addf(out, "<text class=\"across\" x=\"%.1f\" y=\"%d\">", chart_x(c, x),
              CHART_HEIGHT - BELOW + 18);
    text_add_html(out, span_of(c->money));
    add_thousands(out, x);
    text_add(out, "</text>\n");
  }
  text_addf(out, "<text class=\"across\" x=\"%d\" y=\"%d\">", (LEFT + CHART_WIDTH - RIGHT) / 2,
            CHART_HEIGHT - 6);
  text_add_html(out, span_of(c->across));
  text_add(out, "</text>\n");
}

static void widen(struct chart *c, double y) {
  if (y < c->y_least) c->y_least = y;
  if (y > c->y_most) c->y_most = y;
}

static void value_chart(const struct vary_request *q, const struct vary_points *p,
                        struct text *out) {
  struct chart c = {.title = "What it comes to",
                    .across = label(q->input),
                    .money = sign(q),
                    .x_least = p->inputs[0],
                    .x_most = p->inputs[p->count - 1]};
  for (int i = 0; i < p->count; i++) widen(&c, p->outputs[i]);
  if (c.y_most == c.y_least) c.y_most++;
  chart_frame(out, &c);
  text_add(out, "<path class=\"curve\" d=\"");
  for (int i = 0; i < p->count; i++)
    text_addf(out, "%c%.1f %.1f", i ? 'L' : 'M', chart_x(&c, p->inputs[i]),
              chart_y(&c, p->outputs[i]));
  text_add(out, "\"/>\n</svg>\n</figure>\n");
}

/* How much of what is added is kept, in percent; a step of the law takes more than all, and is cut
 * off at the chart's foot, as it says. */
static void rate_chart(const struct vary_request *q, const struct vary_points *p,
                       struct text *out) {
  char *title = arena_printf(q->situation->arena,
                             "Change for each %s1 more, in percent (below 0 is drawn at -20)",
                             sign(q));
  struct chart c = {.title = title,
                    .across = label(q->input),
                    .money = sign(q),
                    .x_least = p->inputs[0],
                    .x_most = p->inputs[p->count - 1],
                    .y_least = -20,
                    .y_most = 100,
                    .is_percent = true};
  chart_frame(out, &c);
  text_add(out, "<path class=\"curve\" d=\"");
  for (int i = 0; i + 1 < p->count; i++) {
    const double kept = fmin(100, fmax(-20, p->rates[i] * 100));
    text_addf(out, "%c%.1f %.1fH%.1f", i ? 'L' : 'M', chart_x(&c, p->inputs[i]), chart_y(&c, kept),
              chart_x(&c, p->inputs[i + 1]));
  }
  text_add(out, "\"/>\n</svg>\n</figure>\n");
}

static void html_amount(const struct vary_request *q, struct text *out, double x,
                        const char *before) {
  text_add(out, before);
  if (x < 0) text_add_char(out, '-');
  text_add_html(out, span_of(sign(q)));
  text_addf(out, "%.2f", fabs(x));
}

static void html_table(const struct vary_request *q, const struct vary_points *p,
                       struct text *out) {
  text_add(out, "<table>\n<caption>The same as a table</caption>\n<thead><tr><th scope=\"col\">");
  text_add_html(out, span_of(label(q->input)));
  text_add(out, "</th><th scope=\"col\">");
  text_add_html(out, span_of(label(q->output)));
  text_add(out, "</th><th scope=\"col\">Change for each ");
  text_add_html(out, span_of(sign(q)));
  text_add(out, "1 more</th></tr></thead>\n<tbody>\n");
  for (int i = 0; i < p->count; i++) {
    html_amount(q, out, p->inputs[i], "<tr><td>");
    html_amount(q, out, p->outputs[i], "</td><td>");
    text_add(out, "</td><td>");
    if (!isnan(p->rates[i])) text_addf(out, "%.0f%%", p->rates[i] * 100);
    text_add(out, "</td></tr>\n");
  }
  text_add(out, "</tbody>\n</table>\n");
}

void vary_html(const struct vary_request *q, const struct vary_points *p, struct text *out) {
  rules_page_begin(out, label(q->output), label(q->output));
  text_add(out, "<p>As this changes: ");
  text_add_html(out, span_of(label(q->input)));
  text_add(out, ".</p>\n");
  value_chart(q, p, out);
  rate_chart(q, p, out);
  html_table(q, p, out);
  rules_page_end(out);
}
