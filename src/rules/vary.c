#include "rules/vary.h"

#include "base/refusal.h"
#include "base/worker.h"
#include "rules/run.h"
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

static const char *label(const struct rule_variable *v) { return v->label ? v->label : v->name; }

void vary_csv(const struct vary_request *q, const struct vary_points *p, struct text *out) {
  text_addf(out, "%s,%s,kept_of_each_further_pound\n", q->input->name, q->output->name);
  for (int i = 0; i < p->count; i++) {
    text_addf(out, "%.2f,%.2f,", p->inputs[i], p->outputs[i]);
    if (!isnan(p->rates[i])) text_addf(out, "%.4f", p->rates[i]);
    text_add_char(out, '\n');
  }
}

void vary_text(const struct vary_request *q, const struct vary_points *p, struct text *out) {
  text_addf(out, "%s, as %s changes\n\n%14s %14s %22s\n", label(q->output), q->input->name, "given",
            "comes to", "kept of a further £1");
  for (int i = 0; i < p->count; i++) {
    text_addf(out, "%14.2f %14.2f ", p->inputs[i], p->outputs[i]);
    if (isnan(p->rates[i])) text_add(out, "\n");
    else text_addf(out, "%21.2f\n", p->rates[i]);
  }
}

/* ---- charts ---- */

enum { CHART_WIDTH = 720, CHART_HEIGHT = 280, LEFT = 84, BELOW = 44, ABOVE = 14, RIGHT = 14 };

struct chart {
  const char *title, *across, *up;
  double x_least, x_most, y_least, y_most;
  bool pence; /* up is pence of a pound */
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
  char digits[32];
  snprintf(digits, sizeof digits, "%.0f", fabs(x));
  const int n = (int)strlen(digits);
  if (x < 0) text_add(out, "-");
  for (int i = 0; i < n; i++) {
    if (i && (n - i) % 3 == 0) text_add_char(out, ',');
    text_add_char(out, digits[i]);
  }
}

static void chart_frame(struct text *out, const struct chart *c) {
  text_addf(out,
            "<figure>\n<figcaption>%s</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" "
            "aria-label=\"%s\">\n",
            c->title, CHART_WIDTH, CHART_HEIGHT, c->title);
  const double up = line_step(c->y_most - c->y_least), across = line_step(c->x_most - c->x_least);
  for (double y = ceil(c->y_least / up) * up; y <= c->y_most + up / 1e6; y += up) {
    text_addf(out,
              "<path class=\"line\" d=\"M%d %.1fH%d\"/><text class=\"up\" x=\"%d\" y=\"%.1f\">",
              LEFT, chart_y(c, y), CHART_WIDTH - RIGHT, LEFT - 8, chart_y(c, y) + 4);
    if (!c->pence) text_add(out, "£");
    add_thousands(out, y);
    text_add(out, c->pence ? "p</text>\n" : "</text>\n");
  }
  for (double x = ceil(c->x_least / across) * across; x <= c->x_most + across / 1e6; x += across) {
    text_addf(out, "<text class=\"across\" x=\"%.1f\" y=\"%d\">£", chart_x(c, x),
              CHART_HEIGHT - BELOW + 18);
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

/* Pence of a further pound that are kept; a step of the law takes more than all, and is cut off at
 * the chart's foot, as it says. */
static void rate_chart(const struct vary_request *q, const struct vary_points *p,
                       struct text *out) {
  struct chart c = {.title = "Pence kept of each further pound (below 0 is drawn at -20)",
                    .across = label(q->input),
                    .x_least = p->inputs[0],
                    .x_most = p->inputs[p->count - 1],
                    .y_least = -20,
                    .y_most = 100,
                    .pence = true};
  chart_frame(out, &c);
  text_add(out, "<path class=\"curve\" d=\"");
  for (int i = 0; i + 1 < p->count; i++) {
    const double kept = fmin(100, fmax(-20, p->rates[i] * 100));
    text_addf(out, "%c%.1f %.1fH%.1f", i ? 'L' : 'M', chart_x(&c, p->inputs[i]), chart_y(&c, kept),
              chart_x(&c, p->inputs[i + 1]));
  }
  text_add(out, "\"/>\n</svg>\n</figure>\n");
}

static void html_table(const struct vary_request *q, const struct vary_points *p,
                       struct text *out) {
  text_add(out, "<table>\n<caption>The same as a table</caption>\n<thead><tr><th scope=\"col\">");
  text_add_html(out, span_of(label(q->input)));
  text_add(out, "</th><th scope=\"col\">");
  text_add_html(out, span_of(label(q->output)));
  text_add(out, "</th><th scope=\"col\">Kept of each further £1</th></tr></thead>\n<tbody>\n");
  for (int i = 0; i < p->count; i++) {
    text_addf(out, "<tr><td>£%.2f</td><td>£%.2f</td><td>", p->inputs[i], p->outputs[i]);
    if (!isnan(p->rates[i])) text_addf(out, "%.0fp", p->rates[i] * 100);
    text_add(out, "</td></tr>\n");
  }
  text_add(out, "</tbody>\n</table>\n");
}

void vary_html(const struct vary_request *q, const struct vary_points *p, struct text *out) {
  text_add(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
  text_add_html(out, span_of(label(q->output)));
  text_add(out, "</title>\n<style>\nbody{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;"
                "margin:2rem auto;padding:0 1rem;color:#1a1a1a}\nfigure{margin:0 0 2rem}\n"
                "figcaption,caption{font-weight:600;text-align:left}\nsvg{width:100%;height:auto}\n"
                ".line{stroke:#d5dce2;fill:none}\n.curve{stroke:#0b5cad;stroke-width:2;fill:none}\n"
                "text{font-size:12px;fill:#3c4650}\n.up{text-anchor:end}\n"
                ".across{text-anchor:middle}\ntable{border-collapse:collapse;width:100%}\n"
                "td,th{text-align:right;padding:.2rem .5rem;border-bottom:1px solid #d5dce2;"
                "font-variant-numeric:tabular-nums}\n</style>\n</head>\n<body>\n<main>\n<h1>");
  text_add_html(out, span_of(label(q->output)));
  text_add(out, "</h1>\n<p>As this changes: ");
  text_add_html(out, span_of(label(q->input)));
  text_add(out, ".</p>\n");
  value_chart(q, p, out);
  rate_chart(q, p, out);
  html_table(q, p, out);
  text_add(out, "</main>\n</body>\n</html>\n");
}
