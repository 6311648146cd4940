#include "html_quote.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct sign {
    const char *name;
    enum html_quote quote;
};

static const struct sign classes[] = {{"gmail_attr", HTML_QUOTE_ANNOUNCES}, /* Gmail */
    {"moz-cite-prefix", HTML_QUOTE_ANNOUNCES},                              /* Thunderbird */
    {"moz-forward-container", HTML_QUOTE_FOREIGN}, {"OutlookMessageHeader", HTML_QUOTE_ANNOUNCES},
    {"yahoo_quoted", HTML_QUOTE_FOREIGN}, {"protonmail_quote", HTML_QUOTE_FOREIGN},
    {"tutanota_quote", HTML_QUOTE_FOREIGN}, {"zmail_extra", HTML_QUOTE_FOREIGN} /* Zoho */};

static const struct sign ids[] = {{"divRplyFwdMsg", HTML_QUOTE_ANNOUNCES}, /* Outlook on the web and phones */
    {"appendonsend", HTML_QUOTE_HERALDS}, {"stopSpelling", HTML_QUOTE_HERALDS},
    {"yahoo_quoted", HTML_QUOTE_FOREIGN}, {"zwchr", HTML_QUOTE_HERALDS}, /* Zimbra */
    {"reply-intro", HTML_QUOTE_ANNOUNCES},                               /* Roundcube */
    {"mail-editor-reference-message-container", HTML_QUOTE_FOREIGN},     /* Outlook for phones, newer */
    {"protonmail_quote", HTML_QUOTE_FOREIGN}};

/* Is `name` one of the words of `value`, or such a word with a number or a program's prefix ("x_gmail_attr",
 * "yahoo_quoted_123")? */
static bool names(const char *value, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = value; (at = strstr(at, name)); at += n) {
        bool begins =
            at == value || g_ascii_isspace(at[-1]) || (at - value >= 2 && !strncmp(at - 2, "x_", 2));
        const char *end = at + n;
        while (*end == '_' || g_ascii_isdigit(*end))
            end++;
        if (begins && (!*end || g_ascii_isspace(*end)))
            return true;
    }
    return false;
}

static enum html_quote find(
    const GumboNode *element, const char *attribute, const struct sign *signs, size_t n)
{
    const GumboAttribute *found = gumbo_get_attribute(&element->v.element.attributes, attribute);
    for (size_t i = 0; found && i < n; i++)
        if (names(found->value, signs[i].name))
            return signs[i].quote;
    return HTML_QUOTE_NONE;
}

enum html_quote html_quote_of(const GumboNode *element)
{
    if (!element->v.element.attributes.length)
        return HTML_QUOTE_NONE;
    enum html_quote quote = find(element, "class", classes, sizeof classes / sizeof *classes);
    return quote ? quote : find(element, "id", ids, sizeof ids / sizeof *ids);
}
