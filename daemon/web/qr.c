#include "qr.h"
#include "daemon/base/str.h"
#include <qrencode.h>

enum { QUIET = 4, PATH_MAX_BYTES = 64 * 1024 }; /* modules of white around it: ISO/IEC 18004 */

json_t *qr_json(const char *text)
{
    struct str path;
    QRcode *code = !text ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return NULL;
    str_init(&path, PATH_MAX_BYTES);
    for (int y = 0; y < code->width; y++)
        for (int x = 0, run; x < code->width; x += run) {
            int dark = code->data[y * code->width + x] & 1;
            for (run = 1; x + run < code->width && (code->data[y * code->width + x + run] & 1) == dark; run++)
                continue;
            if (dark)
                str_addf(&path, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
        }
    json_t *json =
        str_ok(&path) ? json_pack("{s:i, s:s}", "size", code->width + 2 * QUIET, "path", path.data) : NULL;
    str_release(&path);
    QRcode_free(code);
    return json;
}
