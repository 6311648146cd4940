/* Lists of holidays as an office uploads them. */
#include "fuzz.h"
#include "rules/holidays.h"
#include "rules/workday.h"

static void check_list(const struct holiday *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int year, month, of_month;
        require(!i || list[i].day > list[i - 1].day);
        workday_to_date(list[i].day, &year, &month, &of_month);
        require(year >= 2000 && year <= 2100);
        require(memchr(list[i].name, 0, HOLIDAY_NAME) && list[i].name[0]);
        require(!list[i].name[strcspn(list[i].name, "\r\n\t")]);
        require(holiday_kind_label(list[i].kind));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct holiday list[HOLIDAYS_MOST];
    char problem[HOLIDAY_PROBLEM];
    bool no_memory;
    memset(problem, 'x', sizeof problem);
    size_t count = holidays_read((const char *)data, size, list, problem, &no_memory);
    require(count <= HOLIDAYS_MOST);
    require(memchr(problem, 0, sizeof problem));
    require(count || no_memory || problem[0]);
    check_list(list, count);
    return 0;
}
