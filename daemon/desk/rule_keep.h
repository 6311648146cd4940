/* The rules in force: those of the configuration's file, or what the office saved in the book since (rule_version). Whoever
 * classifies holds them meanwhile; what comes into force does so for the next complaint, without a restart. Any thread. */
#ifndef DESK_RULE_KEEP_H
#define DESK_RULE_KEEP_H

#include "daemon/base/arena.h"
#include "daemon/book/book.h"
#include "rules/classify.h"

enum { RULE_TEXT_MOST = 256 * 1024 }; /* bytes of a version in the book */

struct rule_keep;
struct rule_hold;

/* rules and text (malloc'd) are taken over, also on failure; NULL without memory. */
struct rule_keep *rule_keep_new(struct classify_rules *rules, char *text);
void rule_keep_free(struct rule_keep *keep); /* NULL is fine; nobody may hold any more */

/* Never NULL but for keep NULL; given back by the same thread or another. */
struct rule_hold *rule_keep_hold(struct rule_keep *keep);
const struct classify_rules *rule_hold_rules(const struct rule_hold *hold);
void rule_keep_release(struct rule_keep *keep, struct rule_hold *hold); /* NULL is fine */

const char *rule_keep_file_text(const struct rule_keep *keep); /* as read at the start */

/* Looks which version is in force by the book, and takes it. A version that this program cannot read any more leaves what
 * was in force, with a line in the log. keep NULL is fine. */
enum outcome rule_keep_refresh(struct rule_keep *keep, struct book_txn *txn, struct fault *fault);

#endif
