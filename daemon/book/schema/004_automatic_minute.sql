-- How many texts to chats no person wrote, minute by minute: counting them row by row would take longer the more there are.
CREATE TABLE automatic_minute (
    channel  TEXT NOT NULL,
    minute   INTEGER NOT NULL, -- since 1970
    texts    INTEGER NOT NULL,
    PRIMARY KEY (channel, minute)
) STRICT, WITHOUT ROWID;
INSERT INTO automatic_minute (channel, minute, texts)
    SELECT channel, at / 60000, count(*) FROM chat_sent WHERE automatic = 1 GROUP BY channel, at / 60000;
