/*
 * timeline.c -- the run as a picture (SVG, no scripts, readable on light and dark pages).
 */
#include "story.h"

#include <string.h>

#define LEFT 190.0  /* pixels before time 0 */
#define WIDTH 760.0 /* of the longest version */
#define LANE 34.0
#define TOP 64.0
#define GROUP (SITE_COUNT + 2) /* lanes of a version: its sites, itself, a gap */

static double last_ms(void)
{
    size_t count;
    const struct story_span *spans = story_spans(&count);
    double last = 1.0;

    for (size_t i = 0; i < count; i++)
        if (spans[i].to_ms > last)
            last = spans[i].to_ms;
    return last;
}

static double lane_y(enum version version, unsigned lane)
{
    return TOP + LANE * (double)((unsigned)version * GROUP + lane + (version == ASYNCHRONOUS));
}

static const char *colour_of(const char *what)
{
    if (!strcmp(what, "request"))
        return "#b7791f";
    return strcmp(what, "download") ? "#2f855a" : "#2b6cb0";
}

static void write_spans(FILE *out, double scale)
{
    size_t count;
    const struct story_span *spans = story_spans(&count);

    for (size_t i = 0; i < count; i++) {
        const struct story_span *span = &spans[i];
        double x = LEFT + span->from_ms * scale, y = lane_y(span->version, span->lane);
        double width = (span->to_ms - span->from_ms) * scale;

        fprintf(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"24\" rx=\"3\" fill=\"%s\">"
                "<title>%s: %.0f to %.0f ms</title></rect>\n",
                x, y, width, colour_of(span->what), span->what, span->from_ms, span->to_ms);
        if (width > 60)
            fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" fill=\"#fff\">%s</text>\n", x + 6, y + 16,
                    span->what);
    }
}

static void write_labels(FILE *out)
{
    static const char *const lanes[] = {"Downfall", "Fourth", "the program"};
    static const char *const versions[] = {"Synchronous version", "Asynchronous version"};

    for (unsigned version = 0; version < VERSION_COUNT; version++) {
        fprintf(out, "<text class=\"head\" x=\"12\" y=\"%.1f\">%s</text>\n",
                lane_y((enum version)version, 0) - 10, versions[version]);
        for (unsigned lane = 0; lane <= SITE_COUNT; lane++)
            fprintf(out, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", LEFT - 12,
                    lane_y((enum version)version, lane) + 16, lanes[lane]);
    }
}

static void write_axis(FILE *out, double scale, double last, double bottom)
{
    double step = last > 2000 ? 500 : 100;

    for (double at = 0; at <= last; at += step)
        fprintf(out,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>"
                "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\">%.0f ms</text>\n",
                LEFT + at * scale, TOP - 8, LEFT + at * scale, bottom, LEFT + at * scale,
                bottom + 18, at);
}

int timeline_write(const char *path)
{
    FILE *out = fopen(path, "w");
    double last = last_ms(), scale = WIDTH / last, bottom = lane_y(ASYNCHRONOUS, SITE_COUNT + 1);
    int failed;

    if (!out)
        return -1;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\">\n"
            "<style>svg{background:#fff}text{font:13px sans-serif}.head{font-weight:bold;fill:#222}"
            ".label{text-anchor:end;fill:#444}.tick{text-anchor:middle;fill:#666;font-size:11px}"
            "line{stroke:#ddd}@media(prefers-color-scheme:dark){svg{background:#1a1a1a}"
            ".head{fill:#eee}.label{fill:#bbb}.tick{fill:#999}line{stroke:#333}}</style>\n"
            "<text class=\"head\" x=\"12\" y=\"22\">Comparing two coffee prices</text>\n",
            LEFT + WIDTH + 60, bottom + 34, LEFT + WIDTH + 60);
    write_axis(out, scale, last, bottom);
    write_labels(out);
    write_spans(out, scale);
    fputs("</svg>\n", out);
    failed = ferror(out);
    return fclose(out) == 0 && !failed ? 0 : -1;
}
