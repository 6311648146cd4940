/* Photographs of strangers: any bytes are read without harm, and a place is a place on earth. */
#include "fuzz.h"
#include "rules/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int32_t latitude = 0, longitude = 0;
    uint8_t *exact = malloc(size ? size : 1);
    require(exact);
    if (size)
        memcpy(exact, data, size);
    if (picture_place(exact, size, &latitude, &longitude)) {
        require(latitude >= -90000000 && latitude <= 90000000);
        require(longitude >= -180000000 && longitude <= 180000000);
        require(latitude || longitude);
    }
    free(exact);
    return 0;
}
