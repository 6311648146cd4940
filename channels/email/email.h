/* E-mail as a channel: each folder of [mailbox NAME] is fetched over IMAP and answered through [smtp] (id
 * "email:NAME" for the first, "email:NAME/FOLDER" for the others); the
 * instance with the name "" only sends (id "email"): notices to officers, answers to people who gave an
 * address elsewhere. */
#ifndef CHANNELS_EMAIL_H
#define CHANNELS_EMAIL_H

#include "channels/channel.h"

extern const struct channel_ops email_channel;

/* Names of the channels of [mailbox INSTANCE], one a folder it reads: "kantor" for the first, "kantor/Spam" for each
 * other. false when there is no folder number `index`. */
enum { EMAIL_NAME_SIZE = 160 };
bool email_channel_name(
    const struct config *config, const char *instance, size_t index, char out[EMAIL_NAME_SIZE]);

#endif
