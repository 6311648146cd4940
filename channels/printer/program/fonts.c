#include "fonts.h"
#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <stdbool.h>
#include <unistd.h>

/* Not more than cairo keeps open at once (10): it would close one and could not open it again. In the order in which they
 * stand in for one another. */
static const struct {
    const char *path, *family;
} files[] = {{"/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "Noto Sans"},
    {"/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf", "Noto Sans Bold"},
    {"/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf", "Noto Serif"},
    {"/usr/share/fonts/truetype/noto/NotoSerif-Bold.ttf", "Noto Serif Bold"},
    {"/usr/share/fonts/truetype/noto/NotoSansJavanese-Regular.ttf", "Noto Sans Javanese"},
    {"/usr/share/fonts/truetype/noto/NotoSansSymbols2-Regular.ttf", "Noto Sans Symbols2"},
    {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "DejaVu Sans"},
    {"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", "DejaVu Sans Bold"}};

enum { FILES = sizeof files / sizeof *files };

static struct {
    PangoContext *context;
    bool ready;
    PangoFont *kept[FILES]; /* as long as one font of a file lives, the file is not read again */
} fonts;

static cairo_status_t nowhere(void *closure, const unsigned char *data, unsigned length)
{
    (void)closure;
    (void)data;
    (void)length;
    return CAIRO_STATUS_SUCCESS;
}

/* pango 1.50 asks fontconfig in a new thread for each new font description and language, and waits for it. No thread can
 * begin in the cage, so they run at once instead: a program's own functions win over a library's. */
GThread *g_thread_new(const gchar *name, GThreadFunc function, gpointer data)
{
    if (!fonts.ready) /* its first one initialises fontconfig, under a lock that it takes itself */
        return g_thread_try_new(name, function, data, NULL);
    (void)function(data);
    return g_thread_ref(g_thread_self());
}

/* A page with a letter of each font, and one of many scripts: all tables that are read late are read now. */
static void warm_up(void)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(nowhere, NULL, 100, 100);
    cairo_t *cr = cairo_create(surface);
    for (size_t i = 0; i < FILES; i++) {
        PangoFontDescription *wanted = pango_font_description_from_string(files[i].family);
        pango_font_description_set_size(wanted, 10 * PANGO_SCALE);
        fonts.kept[i] = pango_context_load_font(fonts.context, wanted);
        pango_font_description_free(wanted);
        PangoLayout *layout = fonts_layout(files[i].family);
        pango_layout_set_text(layout, "Aa \xEA\xA6\x8F \xE2\x9C\x93 \xD8\xB9 \xE5\xBA\x9C", -1);
        pango_cairo_show_layout(cr, layout);
        g_object_unref(layout);
        cairo_scaled_font_t *scaled =
            fonts.kept[i] ? pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(fonts.kept[i])) : NULL;
        if (scaled && cairo_ft_scaled_font_lock_face(scaled))
            cairo_ft_scaled_font_unlock_face(scaled);
    }
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
}

const char *fonts_open(void)
{
    FcConfig *config = FcConfigCreate();
    int found = 0;
    for (size_t i = 0; config && i < FILES; i++)
        if (!access(files[i].path, R_OK) && FcConfigAppFontAddFile(config, (const FcChar8 *)files[i].path))
            found++;
    if (!found || !FcConfigSetCurrent(config))
        return "no font file found (packages fonts-noto-core, fonts-dejavu-core)";
    PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!map)
        return "pango has no FreeType fonts";
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72); /* a point is a unit of the page */
    fonts.context = pango_font_map_create_context(map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(fonts.context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(fonts.context, pango_language_from_string("id"));
    fonts.ready = true;
    warm_up();
    return NULL;
}

PangoLayout *fonts_layout(const char *description)
{
    PangoLayout *layout = pango_layout_new(fonts.context);
    PangoFontDescription *wanted = pango_font_description_from_string(description);
    pango_layout_set_font_description(layout, wanted);
    pango_font_description_free(wanted);
    pango_layout_set_auto_dir(layout, FALSE); /* a stranger's text does not decide where its lines begin */
    return layout;
}
