/* Views: HTML files beside this one, compiled into the binary, filled from JSON. Everything is escaped.
 *
 *   {{name}} {{a.b}} {{.}}     the value, HTML-escaped (text, numbers); absent = nothing
 *   {{#name}}...{{/name}}      for each element, or once for any other true value; that is the context inside
 *   {{^name}}...{{/name}}      when absent, false, empty text or empty list
 *   {{>file}}                  another view of the same folder, same context (file without .html)
 *   {{<layout}}...{{/layout}}  wraps: layout's {{$content}} is the part between
 *   {{!comment}}
 * Names are looked up in the innermost context, then outwards. There is no unescaped form: what must be
 * markup is a view of its own. Only inside attribute quotes or text; never inside script, style or on*: such
 * a view is refused at start (view_scan.h). A value that begins href, src or action is "#" unless its scheme
 * is harmless. A tag other than a value that stands alone on its line takes the line with it. */
#ifndef WEB_VIEW_H
#define WEB_VIEW_H

#include "daemon/base/fault.h"
#include "daemon/base/str.h"
#include <jansson.h>
#include <stdbool.h>

/* Parses all embedded views; once, before threads start. NEVER names file and line of the fault. */
enum outcome views_open(struct fault *fault);
void views_close(void);
bool views_are_open(void); /* what opened them is still there, on another thread maybe: they may be filled */

/* Thread-safe. An unknown name aborts (programming error). */
void view_render(struct str *out, const char *name, const json_t *data);

#endif
