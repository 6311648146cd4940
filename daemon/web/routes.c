#include "routes.h"
#include <string.h>

/* Each ends with pattern NULL. */
extern const struct page_route home_routes[];
extern const struct page_route login_routes[];
extern const struct page_route account_routes[];
extern const struct page_route report_routes[];
extern const struct page_route track_routes[];
extern const struct page_route inbox_routes[];
extern const struct page_route waiting_routes[];
extern const struct page_route case_routes[];
extern const struct page_route bulk_routes[];
extern const struct page_route register_routes[];
extern const struct page_route register_saved_routes[];
extern const struct page_route counter_routes[];
extern const struct page_route box_routes[];
extern const struct page_route lapor_routes[];
extern const struct page_route receipt_routes[];
extern const struct page_route letter_paper_routes[];
extern const struct page_route file_routes[];
extern const struct page_route aside_routes[];
extern const struct page_route settings_routes[];
extern const struct page_route settings_officer_routes[];
extern const struct page_route settings_catalogue_routes[];
extern const struct page_route letterhead_routes[];
extern const struct page_route front_routes[];
extern const struct page_route results_routes[];
extern const struct page_route figures_routes[];
extern const struct page_route calendar_routes[];
extern const struct page_route terms_routes[];
extern const struct page_route rules_routes[];
extern const struct page_route sheet_routes[];
extern const struct page_route learnt_routes[];
extern const struct page_route open311_routes[];
extern const struct page_route evaluation_routes[];
extern const struct page_route settings_channel_routes[];
extern const struct page_route audit_routes[];
extern const struct page_route settings_token_routes[];
extern const struct page_route settings_webhook_routes[];
extern const struct page_route api_page_routes[];
extern const struct page_route help_routes[];
extern const struct page_route skm_routes[];
extern const struct page_route skm_report_routes[];
extern const struct page_route rights_routes[];
extern const struct page_route retention_routes[];

static const struct page_route *const tables[] = {
    home_routes,
    login_routes,
    account_routes,
    report_routes,
    track_routes,
    inbox_routes,
    waiting_routes,
    case_routes,
    bulk_routes,
    register_routes,
    register_saved_routes,
    counter_routes,
    box_routes,
    lapor_routes,
    receipt_routes,
    letter_paper_routes,
    file_routes,
    aside_routes,
    settings_routes,
    settings_officer_routes,
    settings_catalogue_routes,
    letterhead_routes,
    front_routes,
    results_routes,
    figures_routes,
    calendar_routes,
    terms_routes,
    rules_routes,
    sheet_routes,
    learnt_routes,
    open311_routes,
    evaluation_routes,
    settings_channel_routes,
    audit_routes,
    settings_token_routes,
    settings_webhook_routes,
    api_page_routes,
    help_routes,
    skm_routes,
    skm_report_routes,
    rights_routes,
    retention_routes,
};

const struct page_route *routes_at(size_t index)
{
    for (size_t t = 0; t < sizeof tables / sizeof(struct page_route *); t++)
        for (const struct page_route *route = tables[t]; route->pattern; route++)
            if (!index--)
                return route;
    return NULL;
}

const struct page_route *routes_find(const char *pattern)
{
    const struct page_route *route;
    for (size_t i = 0; (route = routes_at(i)); i++)
        if (!strcmp(route->pattern, pattern))
            return route;
    return NULL;
}
