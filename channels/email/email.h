/* E-mail as a channel: [mailbox NAME] is fetched over IMAP and answered through [smtp] (id "email:NAME"); the
 * instance with the name "" only sends (id "email"): notices to officers, answers to people who gave an
 * address elsewhere. */
#ifndef CHANNELS_EMAIL_H
#define CHANNELS_EMAIL_H

#include "channels/channel.h"

extern const struct channel_ops email_channel;

#endif
