#include "point.h"
#include <stdio.h>

enum { MILLION = 1000000 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One number of at most `most` whole degrees; *at moves behind it. */
static bool read_degrees(const char **at, int most, int32_t *ret)
{
    const char *p = *at;
    bool south = *p == '-';
    int32_t value = 0;
    p += south;
    if (!digit(*p))
        return false;
    for (; digit(*p); p++)
        if ((value = value * 10 + (*p - '0')) > most)
            return false;
    value *= MILLION;
    if (*p == '.') {
        int32_t unit = MILLION / 10;
        for (p++; digit(*p); p++, unit /= 10) {
            if (!unit)
                return false;
            value += (*p - '0') * unit;
        }
    }
    if (value > most * MILLION)
        return false;
    *ret = south ? -value : value;
    *at = p;
    return true;
}

bool point_parse(const char *text, struct point *ret)
{
    struct point point;
    if (!text || !read_degrees(&text, 90, &point.latitude) || *text++ != ',' ||
        !read_degrees(&text, 180, &point.longitude) || *text)
        return false;
    *ret = point;
    return true;
}

static unsigned size_of(int32_t value)
{
    return value < 0 ? 0u - (unsigned)value : (unsigned)value;
}

void point_write(char out[POINT_SIZE], struct point point)
{
    unsigned north = size_of(point.latitude) % (90 * MILLION + 1),
             east = size_of(point.longitude) % (180 * MILLION + 1);
    snprintf(out, POINT_SIZE, "%s%u.%06u,%s%u.%06u", point.latitude < 0 ? "-" : "", north / MILLION,
        north % MILLION, point.longitude < 0 ? "-" : "", east / MILLION, east % MILLION);
}
