/* Reports of mail systems without RFC 3464, whole mails in the forms of many vendors: seen as bounces, whom they
 * name, and whether for good. Reports with RFC 3464 are in test_text_automatic.c and the corpora. */
#include "channels/parser/program/mail.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gmime/gmime.h>
#include <string.h>

struct example {
    const char *vendor, *mail, *recipient, *status;
    bool permanent;
};

static const struct example examples[] = {
    {"qmail",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.tujuan.example\n"
        "To: kec@kantor.example\n"
        "Subject: failure notice\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Hi. This is the qmail-send program at mx.tujuan.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n"
        "\n"
        "<budi@tujuan.example>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n"
        "\n"
        "--- Below this line is a copy of the message.\n"
        "\n"
        "Return-Path: <kec@kantor.example>\n"
        "To: lain@x.example\n",
        "budi@tujuan.example", "5.1.1", true},
    {"qmail queue",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.tujuan.example\n"
        "To: kec@kantor.example\n"
        "Subject: failure notice\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Hi. This is the qmail-send program.\n"
        "\n"
        "<budi@tujuan.example>:\n"
        "Connected to 192.0.2.1 but sender was rejected.\n"
        "Remote host said: 451 4.7.1 try later\n"
        "I'm not going to try again; this message has been in the queue too long.\n",
        "budi@tujuan.example", "4.7.1", true},
    {"exim",
        "Return-Path: <>\n"
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Mail delivery failed: returning message to sender\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This message was created automatically by mail delivery software.\n"
        "\n"
        "A message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n"
        "\n"
        "  budi@tujuan.example\n"
        "    host mx.tujuan.example [192.0.2.5]\n"
        "    SMTP error from remote mail server after RCPT TO:<budi@tujuan.example>:\n"
        "    550 5.1.1 <budi@tujuan.example>: Recipient address rejected: User unknown\n"
        "\n"
        "------ This is a copy of the message, including all the headers. ------\n"
        "\n"
        "Return-path: <kec@kantor.example>\n",
        "budi@tujuan.example", "5.1.1", true},
    {"exim warn",
        "Return-Path: <>\n"
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Warning: message 1kX delayed 24 hours\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This message was created automatically by mail delivery software.\n"
        "A message that you sent has not yet been delivered to one or more of its\n"
        "recipients after more than 24 hours on the queue on mx.example.\n"
        "\n"
        "The address to which the message has not yet been delivered is:\n"
        "\n"
        "  budi@tujuan.example\n"
        "    Delay reason: Connection timed out\n"
        "\n"
        "No action is required on your part. Delivery attempts will continue for\n"
        "some time, and this warning may be repeated at intervals.\n",
        "budi@tujuan.example", "", false},
    {"postfix",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\n"
        "To: kec@kantor.example\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This is the mail system at host mx.example.\n"
        "\n"
        "I'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients. It's attached below.\n"
        "\n"
        "<budi@tujuan.example>: host mx.tujuan.example[192.0.2.5] said: 552 5.2.2 Mailbox full\n"
        "    (in reply to RCPT TO command)\n",
        "budi@tujuan.example", "5.2.2", true},
    {"postfix delay",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\n"
        "To: kec@kantor.example\n"
        "Subject: Delayed Mail (still being retried)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This is the mail system at host mx.example.\n"
        "\n"
        "####################################################################\n"
        "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n"
        "####################################################################\n"
        "\n"
        "Your message could not be delivered for more than 4 hour(s).\n"
        "It will be retried until it is 5 day(s) old.\n"
        "\n"
        "<budi@tujuan.example>: connect to mx.tujuan.example[192.0.2.5]:25: Connection timed out\n",
        "budi@tujuan.example", "", false},
    {"sendmail",
        "Return-Path: <>\n"
        "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Returned mail: see transcript for details\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "The original message was received at Tue, 17 Nov 2026 16:00:00 +0700\n"
        "from kantor.example [192.0.2.9]\n"
        "\n"
        "   ----- The following addresses had permanent fatal errors -----\n"
        "<budi@tujuan.example>\n"
        "    (reason: 550 5.1.1 User unknown)\n"
        "\n"
        "   ----- Transcript of session follows -----\n"
        "... while talking to mx.tujuan.example.:\n"
        ">>> DATA\n"
        "<<< 550 5.1.1 User unknown\n",
        "budi@tujuan.example", "5.1.1", true},
    {"sendmail old",
        "Return-Path: <>\n"
        "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Returned mail: User unknown\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "The original message was received at Tue, 17 Nov 1998 16:00:00 +0700\n"
        "\n"
        "   ----- Transcript of session follows -----\n"
        "... while talking to mx.tujuan.example.:\n"
        ">>> RCPT To:<budi@tujuan.example>\n"
        "<<< 550 <budi@tujuan.example>... User unknown\n"
        "550 budi@tujuan.example... User unknown\n"
        "\n"
        "   ----- Original message follows -----\n"
        "Return-Path: <kec@kantor.example>\n",
        "budi@tujuan.example", "", true},
    {"exchange 55",
        "Return-Path: <>\n"
        "From: System Administrator <postmaster@tujuan.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Undeliverable: Hasil\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your message\n"
        "\n"
        "  To:      budi@tujuan.example\n"
        "  Subject: Hasil\n"
        "  Sent:    Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "did not reach the following recipient(s):\n"
        "\n"
        "budi@tujuan.example on Tue, 17 Nov 2026 16:00:05 +0700\n"
        "    The recipient name is not recognized\n"
        "	The MTS-ID of the original message is: c=ID;a= ;p=X;l=Y\n"
        "    MSEXCH:IMS:X:Y:Z 0 (000C05A6) Unknown Recipient\n",
        "budi@tujuan.example", "", true},
    {"exchange 2000",
        "Return-Path: <>\n"
        "From: postmaster@tujuan.example\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Failure)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This is an automatically generated Delivery Status Notification.\n"
        "\n"
        "Delivery to the following recipients failed.\n"
        "\n"
        "       budi@tujuan.example\n"
        "\n",
        "budi@tujuan.example", "", true},
    {"groupwise",
        "Return-Path: <>\n"
        "From: Mailer-Daemon@tujuan.example\n"
        "To: kec@kantor.example\n"
        "Subject: Message status - undeliverable\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "The message that you sent was undeliverable to the following:\n"
        "	budi (user not found)\n"
        "\n"
        "Possibly truncated original message follows:\n"
        "\n",
        "budi@tujuan.example", "", true},
    {"groupwise2",
        "Return-Path: <>\n"
        "From: Mailer-Daemon@gw.example\n"
        "To: kec@kantor.example\n"
        "Subject: Message status - undeliverable\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "The message that you sent was undeliverable to the following:\n"
        "	budi@tujuan.example (mailbox is full)\n",
        "budi@tujuan.example", "", true},
    {"lotus",
        "Return-Path: <>\n"
        "From: Postmaster@tujuan.example\n"
        "To: kec@kantor.example\n"
        "Subject: DELIVERY FAILURE: User budi (budi@tujuan.example) not listed in Domino Directory\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your message\n"
        "\n"
        "  Subject: Hasil\n"
        "\n"
        "was not delivered to:\n"
        "\n"
        "  budi@tujuan.example\n"
        "\n"
        "because:\n"
        "\n"
        "  User budi (budi@tujuan.example) not listed in Domino Directory\n",
        "budi@tujuan.example", "", true},
    {"yahoo",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@yahoo.example\n"
        "To: kec@kantor.example\n"
        "Subject: Failure Notice\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Sorry, we were unable to deliver your message to the following address.\n"
        "\n"
        "<budi@tujuan.example>:\n"
        "Remote host said: 554 delivery error: dd This user doesn't have a yahoo.example account "
        "(budi@tujuan.example) [0]\n"
        "\n"
        "--- Below this line is a copy of the message.\n",
        "budi@tujuan.example", "", true},
    {"yahoo2",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@yahoo.example\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery failure\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Message from yahoo.example.\n"
        "Unable to deliver message to the following address(es).\n"
        "\n"
        "<budi@tujuan.example>:\n"
        "This user doesn't have a yahoo.example account (budi@tujuan.example)\n"
        "\n"
        "--- Original message follows.\n",
        "budi@tujuan.example", "", true},
    {"aol",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@aol.example\n"
        "To: kec@kantor.example\n"
        "Subject: Mail Delivery Problem\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your mail to the following recipients could not be delivered because they are not accepting mail "
        "from kec@kantor.example:\n"
        "	budisantoso\n",
        "budisantoso@aol.example", "", true},
    {"smtp32",
        "Return-Path: <>\n"
        "From: Postmaster <postmaster@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Undeliverable Mail\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "X-Mailer: <SMTP32 v20070101>\n"
        "\n"
        "Unknown user: budi@tujuan.example\n"
        "\n"
        "\n"
        "Original message follows.\n"
        "\n"
        "Received: from kantor.example\n"
        "To: lain@x.example\n",
        "budi@tujuan.example", "", true},
    {"smtp32 b",
        "Return-Path: <>\n"
        "From: Postmaster <postmaster@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Undeliverable Mail\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "User mailbox exceeds allowed size: budi@tujuan.example\n"
        "\n"
        "\n"
        "Original message follows.\n",
        "budi@tujuan.example", "", true},
    {"compuserve",
        "From: CompuServe Postmaster <auto.reply@compuserve.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Undeliverable message\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Receiver not found: \n"
        "\n"
        "Your message could not be delivered as addressed.\n"
        "\n"
        "--- Returned message ---\n"
        "\n"
        "Invalid receiver address: budi@tujuan.example\n"
        "\n",
        "budi@tujuan.example", "", true},
    {"mimesweeper",
        "Return-Path: <>\n"
        "From: \"MAILsweeper\" <postmaster@tujuan.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Message Undeliverable\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This message could not be delivered: Hasil\n"
        "\n"
        "The following recipients were affected:\n"
        "   budi@tujuan.example\n"
        "\n"
        "Unknown user\n",
        "budi@tujuan.example", "", true},
    {"hotmail",
        "Return-Path: <>\n"
        "From: postmaster@hotmail.example\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Failure)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This is an automatically generated Delivery Status Notification.\n"
        "\n"
        "Unable to deliver message to the following recipients, because the message was forwarded more than "
        "the maximum allowed times.\n"
        "\n"
        "       budi@tujuan.example\n",
        "budi@tujuan.example", "", true},
    {"netscape",
        "Return-Path: <>\n"
        "From: Postmaster@mx.example\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Notification: Delivery has failed\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This report relates to a message you sent with the following header fields:\n"
        "\n"
        "  Message-id: <x@kantor.example>\n"
        "  Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "  From: kec@kantor.example\n"
        "  To: budi@tujuan.example\n"
        "  Subject: Hasil\n"
        "\n"
        "Your message cannot be delivered to the following recipients:\n"
        "\n"
        "  Recipient address: budi@tujuan.example\n"
        "  Reason: Illegal host/domain name found\n",
        "budi@tujuan.example", "", true},
    {"courier",
        "Return-Path: <>\n"
        "From: \"Courier mail server at mx.example\" <@>\n"
        "To: kec@kantor.example\n"
        "Subject: NOTICE: mail delivery status.\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This is a delivery status notification from mx.example,\n"
        "running the Courier mail server, version 0.6.\n"
        "\n"
        "The original message was received on Tue, 17 Nov 2026\n"
        "\n"
        "---------------------------------------------------------------------------\n"
        "\n"
        "                           UNDELIVERABLE MAIL\n"
        "\n"
        "Your message to the following recipients cannot be delivered:\n"
        "\n"
        "<budi@tujuan.example>:\n"
        "     mx.tujuan.example [192.0.2.5]:\n"
        "<<< 550 User unknown.\n",
        "budi@tujuan.example", "", true},
    {"mdaemon",
        "Return-Path: <>\n"
        "From: MDaemon at mx.example <MDaemon@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Permanent Delivery Failure\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "The attached message had PERMANENT fatal delivery errors!\n"
        "\n"
        "After one or more unsuccessful delivery attempts the attached message has\n"
        "been removed from the mail queue.\n"
        "\n"
        "Failed address: budi@tujuan.example\n"
        "\n"
        "--- Session Transcript ---\n"
        " Attempting SMTP connection to [192.0.2.5 : 25]\n"
        " <-- 550 5.1.1 <budi@tujuan.example> User unknown\n",
        "budi@tujuan.example", "", true},
    {"mercury",
        "Return-Path: <>\n"
        "From: Electronic Postmaster <postmaster@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Postmaster notify: delivery failure.\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Message from  : kec@kantor.example\n"
        "Message to    : budi@tujuan.example\n"
        "Message Subject: Hasil\n"
        "\n"
        "The local mail transport system has reported the following problems\n"
        "\n"
        "*** budi@tujuan.example\n"
        "User not known at this site.\n",
        "budi@tujuan.example", "", true},
    {"zimbra",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@zm.example\n"
        "To: kec@kantor.example\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This is the mail system at host zm.example.\n"
        "\n"
        "<budi@tujuan.example>: user unknown\n",
        "budi@tujuan.example", "", true},
    {"opensmtpd",
        "Return-Path: <>\n"
        "From: Mailer Daemon <MAILER-DAEMON@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery status notification: error\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "    Hi!\n"
        "\n"
        "    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n"
        "\n"
        "    An error has occurred while attempting to deliver a message for\n"
        "    the following list of recipients:\n"
        "\n"
        "budi@tujuan.example: 550 5.1.1 Unknown user\n"
        "\n"
        "    Below is a copy of the original message:\n",
        "budi@tujuan.example", "5.1.1", true},
    {"gmail",
        "Return-Path: <>\n"
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Failure)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "** Alamat tidak ditemukan **\n"
        "\n"
        "Pesan Anda tidak terkirim ke budi@tujuan.example karena alamat tersebut tidak dapat ditemukan, atau "
        "tidak bisa menerima email.\n"
        "\n"
        "Tanggapannya adalah:\n"
        "\n"
        "550 5.1.1 The email account that you tried to reach does not exist. Please try "
        "https://support.google.com/mail/?p=NoSuchUser 41be03b00d2f7-x - gsmtp\n",
        "budi@tujuan.example", "5.1.1", true},
    {"gmail en",
        "Return-Path: <>\n"
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Failure)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Delivery to the following recipient failed permanently:\n"
        "\n"
        "     budi@tujuan.example\n"
        "\n"
        "Technical details of permanent failure: \n"
        "Google tried to deliver your message, but it was rejected by the server for the recipient domain "
        "tujuan.example by mx.tujuan.example. [192.0.2.5].\n"
        "\n"
        "The error that the other server returned was:\n"
        "550 No such user\n"
        "\n"
        "----- Original message -----\n"
        "\n"
        "X-Google-DKIM-Signature: v=1\n",
        "budi@tujuan.example", "", true},
    {"gmail delay",
        "Return-Path: <>\n"
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Delay)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This is an automatically generated Delivery Status Notification\n"
        "\n"
        "THIS IS A WARNING MESSAGE ONLY.\n"
        "\n"
        "YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n"
        "\n"
        "Delivery to the following recipient has been delayed:\n"
        "\n"
        "     budi@tujuan.example\n"
        "\n"
        "Message will be retried for 2 more day(s)\n",
        "budi@tujuan.example", "", false},
    {"gmail tertunda",
        "Return-Path: <>\n"
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Delay)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "** Pengiriman tidak selesai **\n"
        "\n"
        "Terjadi masalah sementara saat mengirim pesan Anda ke budi@tujuan.example. Gmail akan mencoba lagi "
        "selama 46 jam ke depan. Anda akan diberi tahu jika pengiriman gagal secara permanen.\n",
        "budi@tujuan.example", "", false},
    {"exo html",
        "Return-Path: <>\n"
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@tujuan.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Undeliverable: Hasil\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your message to budi@tujuan.example couldn't be delivered.\n"
        "\n"
        "budi wasn't found at tujuan.example.\n"
        "\n"
        "kec	Office 365	budi\n"
        "Action Required		Recipient\n"
        "Unknown To address\n"
        "\n"
        "How to Fix It\n"
        "The address may be misspelled.\n"
        "\n"
        "Original Message Details\n"
        "Created Date: 11/17/2026\n"
        "Sender Address: kec@kantor.example\n"
        "Recipient Address: budi@tujuan.example\n"
        "Subject: Hasil\n"
        "\n"
        "Error Details\n"
        "Reported error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient budi@tujuan.example not found "
        "by SMTP address lookup\n",
        "budi@tujuan.example", "5.1.10", true},
    {"de",
        "Return-Path: <>\n"
        "From: Mail Delivery System <mailer-daemon@kundenserver.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Mail delivery failed: returning message to sender\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This message was created automatically by mail delivery software.\n"
        "\n"
        "A message that you sent could not be delivered to one or more of\n"
        "its recipients. The following addresses failed:\n"
        "\n"
        "<budi@tujuan.example>:\n"
        "SMTP error from remote server for RCPT TO command, host: mx.tujuan.example (192.0.2.5) reason: 550 "
        "5.1.1 unknown\n",
        "budi@tujuan.example", "5.1.1", true},
    {"gmx",
        "Return-Path: <>\n"
        "From: GMX Mailer Daemon <mailer-daemon@gmx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Mail delivery failed: returning message to sender\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "This message was created automatically by mail delivery software.\n"
        "\n"
        "The following address failed:\n"
        "\n"
        "\"budi@tujuan.example\":\n"
        "SMTP error from remote server after RCPT command:\n"
        "host: mx.tujuan.example\n"
        "5.1.1 <budi@tujuan.example>: User unknown\n",
        "budi@tujuan.example", "5.1.1", true},
    {"sina",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@sina.example\n"
        "To: kec@kantor.example\n"
        "Subject: 系统退信\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "抱歉，您的邮件被退回来了……\n"
        "收件人邮件地址：budi@tujuan.example\n"
        "退信原因：mailbox unavailable\n",
        "budi@tujuan.example", "", true},
    {"ses",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@amazonses.example\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Failure)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "An error occurred while trying to deliver the mail to the following recipients:\n"
        "budi@tujuan.example\n",
        "budi@tujuan.example", "", true},
    {"symantec",
        "From: Symantec_Gateway@mx.example\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery failure notification\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your message with Subject: Hasil\n"
        "could not be delivered to the following recipients:\n"
        "\n"
        "budi@tujuan.example\n"
        "\n"
        "Please do not resend your original message.\n",
        "budi@tujuan.example", "", true},
    {"ironport",
        "Return-Path: <>\n"
        "From: \"Mail Delivery System\" <MAILER-DAEMON@ironport.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery Status Notification (Failure)\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "The following message to <budi@tujuan.example> was undeliverable.\n"
        "The reason for the problem:\n"
        "5.1.0 - Unknown address error 550-'5.1.1 User unknown'\n",
        "budi@tujuan.example", "5.1.0", true},
    {"barracuda",
        "Return-Path: <>\n"
        "From: Mail Delivery System <postmaster@bar.example>\n"
        "To: kec@kantor.example\n"
        "Subject: **Message you sent blocked by our bulk email filter**\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your message to: budi@tujuan.example\n"
        "was blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN "
        "DELIVERED:\n"
        "\n"
        "Subject: Hasil\n",
        "budi@tujuan.example", "", true},
    {"dovecot",
        "Return-Path: <>\n"
        "From: Mail Delivery Subsystem <postmaster@tujuan.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Rejected: Hasil\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "Auto-Submitted: auto-replied (rejected)\n"
        "\n"
        "Your message to <budi@tujuan.example> was automatically rejected:\n"
        "Quota exceeded (mailbox for user is full)\n",
        "budi@tujuan.example", "", true},
    {"kerio",
        "Return-Path: <>\n"
        "From: \"Mail Delivery Subsystem\" <postmaster@mx.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Delivery failed\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your message was not delivered to the following recipients:\n"
        "\n"
        "budi@tujuan.example: 550 5.1.1 unknown user\n",
        "budi@tujuan.example", "5.1.1", true},
    {"x400",
        "Return-Path: <>\n"
        "From: Postmaster@mx.example\n"
        "To: kec@kantor.example\n"
        "Subject: Non-delivery report\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Your message was not delivered.\n"
        "\n"
        "Recipient: budi@tujuan.example\n"
        "Reason: unknown recipient\n",
        "budi@tujuan.example", "", true},
    {"communigate",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@cg.example\n"
        "To: kec@kantor.example\n"
        "Subject: Undeliverable mail: Hasil\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Failed to deliver to 'budi@tujuan.example'\n"
        "LOCAL module(account budi) reports:\n"
        " account is full (quota exceeded)\n",
        "budi@tujuan.example", "", true},
    {"desa",
        "Return-Path: <>\n"
        "From: Postmaster Desa <postmaster@desa.example>\n"
        "To: kec@kantor.example\n"
        "Subject: Pesan tidak terkirim\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "Mohon maaf, pesan Anda tidak dapat dikirim ke penerima berikut:\n"
        "\n"
        "budi@tujuan.example\n"
        "\n"
        "Kotak surat penuh.\n",
        "budi@tujuan.example", "", true},
    {"returned only",
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.example\n"
        "To: kec@kantor.example\n"
        "Subject: Returned mail\n"
        "Date: Tue, 17 Nov 2026 16:00:00 +0700\n"
        "\n"
        "The user is unknown here.\n"
        "\n"
        "----- Original message follows -----\n"
        "\n"
        "From: kec@kantor.example\n"
        "To: Budi <budi@tujuan.example>\n"
        "Message-ID: <z@kantor.example>\n",
        "budi@tujuan.example", "", true},
};

static json_t *parse(const char *text)
{
    struct mail mail;
    char *raw = g_strdup(text);
    assert_true(mail_parse(raw, strlen(raw), &mail));
    json_t *json = json_incref(mail.json);
    mail_release(&mail);
    g_free(raw);
    return json;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void understands_the_prose_of_many_vendors(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        json_t *json = parse(e->mail);
        const json_t *bounce = json_object_get(json, "bounce");
        bool right = !strcmp(text_of(json, "automatic"), "bounce") &&
                     !g_ascii_strcasecmp(text_of(bounce, "recipient"), e->recipient) &&
                     (!*e->status || !strcmp(text_of(bounce, "status"), e->status)) &&
                     json_is_true(json_object_get(bounce, "permanent")) == e->permanent;
        if (!right) {
            char *got = json_dumps(bounce, JSON_COMPACT | JSON_ENCODE_ANY);
            print_error("%s: %s %s\n", e->vendor, text_of(json, "automatic"), got ? got : "null");
            free(got);
            wrong++;
        }
        json_decref(json);
    }
    assert_int_equal(wrong, 0);
}

/* The Message-ID of the mail of ours that a report is about, wherever it stands. */
static void check_about(const char *mail, const char *id)
{
    json_t *json = parse(mail);
    assert_string_equal(text_of(json_object_get(json, "report"), "message_id"), id);
    json_decref(json);
}

#define REPORT                                                                                               \
    "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\nIn-Reply-To: "            \
    "<lain@x.example>\n"
#define PARTS                                                                                                \
    REPORT "Content-Type: multipart/report; report-type=delivery-status; boundary=q\n\n--q\n\nGagal.\n--q\n"

static void tells_which_mail_of_ours_it_is_about(void **state)
{
    (void)state;
    check_about(PARTS "Content-Type: message/rfc822\n\nMessage-ID: <kita@x.example>\n\nhalo\n--q--\n",
        "kita@x.example");
    check_about(PARTS "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                      "TWVzc2FnZS1JRDogPGtpdGFAeC5leGFtcGxlPgoKaGFsbwo=\n--q--\n",
        "kita@x.example");
    check_about(PARTS
        "Content-Type: text/rfc822-headers\n\nFrom: k@x.example\nMessage-Id: <kita@x.example>\n--q--\n",
        "kita@x.example");
    check_about(REPORT
        "\nGagal.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <kita@x.example>\n",
        "kita@x.example");
    check_about(REPORT
        "\nGagal.\n\n--- Below this line is a copy of the message.\n\nMessage-ID:\n <kita@x.example>\n",
        "kita@x.example");
    check_about(REPORT "\nGagal.\n", "lain@x.example");
    json_t *json = parse("From: budi@x.example\n\nMessage-ID: <kita@x.example>\n");
    assert_true(json_is_null(json_object_get(json, "report")));
    json_decref(json);
}

static void names_all_recipients_final_ones_first(void **state)
{
    (void)state;
    json_t *json =
        parse(PARTS "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
                    "Final-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.4.1\n\n"
                    "Final-Recipient: rfc822; b@x.example\nAction: delivered\nStatus: 2.0.0\n\n"
                    "Final-Recipient: rfc822; c@x.example\nAction: failed\nStatus: 5.1.1\n"
                    "Final-Recipient: rfc822; d@x.example\nAction: failed\nStatus: 5.2.2\n--q--\n");
    json_t *wanted = json_pack("[{s:s,s:s,s:b},{s:s,s:s,s:b},{s:s,s:s,s:b}]", "recipient", "c@x.example",
        "status", "5.1.1", "permanent", 1, "recipient", "d@x.example", "status", "5.2.2", "permanent", 1,
        "recipient", "a@x.example", "status", "4.4.1", "permanent", 0);
    assert_true(json_equal(json_object_get(json_object_get(json, "report"), "failures"), wanted));
    assert_true(json_equal(json_object_get(json, "bounce"), json_array_get(wanted, 0)));
    json_decref(wanted);
    json_decref(json);
}

static void a_report_of_success_is_no_bounce(void **state)
{
    (void)state;
    json_t *json =
        parse(PARTS "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@x.example\n"
                    "Action: relayed\nStatus: 2.0.0\n--q--\n");
    assert_string_equal(text_of(json, "automatic"), "auto-reply");
    assert_true(json_is_null(json_object_get(json, "bounce")));
    json_decref(json);
}

static int start(void **state)
{
    (void)state;
    g_mime_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(understands_the_prose_of_many_vendors),
        cmocka_unit_test(tells_which_mail_of_ours_it_is_about),
        cmocka_unit_test(names_all_recipients_final_ones_first),
        cmocka_unit_test(a_report_of_success_is_no_bounce)};
    return cmocka_run_group_tests(tests, start, NULL);
}
