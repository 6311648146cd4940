/* MQTT: every event of the book, published at QoS 1 in order from the outbox, so that a broker that was away gets
 * all of them. Family "mqtt", one instance, section [mqtt].
 *
 * libmosquitto runs on its own thread and queues at QoS 1 also while the broker is away (its publish then returns
 * NO_CONN and yet delivers later), so both returns mean "in flight"; a row is done at its PUBACK. After a
 * restart rows without PUBACK are published again: consumers tell doubles apart by the event's id. */
#ifndef MQTT_MQTT_H
#define MQTT_MQTT_H

#include "channels/channel.h"

extern const struct channel_ops mqtt_channel;

#endif
