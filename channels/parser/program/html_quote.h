/* How mail programs mark in HTML what is not the writer's own: by class or id of an element.
 *
 * Better than their words, which come in all languages. What a program uses for both (Gmail's own answer may
 * stand inside its gmail_quote) says nothing here. */
#ifndef PARSER_HTML_QUOTE_H
#define PARSER_HTML_QUOTE_H

#include <gumbo.h>

enum html_quote {
    HTML_QUOTE_NONE,
    HTML_QUOTE_ANNOUNCES, /* its lines say whose words follow: "Pada ... menulis:", a block of header lines */
    HTML_QUOTE_HERALDS,   /* an empty mark: the line that follows announces */
    HTML_QUOTE_FOREIGN,   /* holds the quoted mail, announcement included */
};

enum html_quote html_quote_of(const GumboNode *element);

#endif
