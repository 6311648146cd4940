"""What a busy kabupaten's day is, in numbers, and what twenty of them at once are.

A kabupaten has about 14 kecamatan (7,300 kecamatan, 514 kabupaten and kota), large ones 30. Each kecamatan has an instance of its
own; here all 30 write to one, the worst case. On an ordinary day a kecamatan gets a handful of complaints; busy is the day
after a flood or a failed list of aid: 40 in each, 1,200 in all. Offices are open eight hours, and half of a day's messages come
in the two hours after opening: 300 an hour. Twenty times that is 6,000 an hour, and the soak keeps that pace all the time.

Every third writes once more. The shares of the channels are those offices tell of: mostly WhatsApp. Each message by WhatsApp
is followed by receipts of delivery and reading for what the office answers. Each complaint is walked through seven acts to
its answer, spread over eight hours. Citizens look at the tracking page, officers at the book and its search.
"""
KECAMATAN = 30
COMPLAINTS_EACH = 40
A_DAY = KECAMATAN * COMPLAINTS_EACH
TIMES = 20
BUSY_SHARE, BUSY_HOURS, OFFICE_HOURS = 0.5, 2, 8

ARRIVALS_A_SECOND = TIMES * A_DAY * BUSY_SHARE / (BUSY_HOURS * 3600)  # 1.67
SHARES = {"chat": 0.50, "form": 0.20, "mail": 0.15, "hook": 0.10, "counter": 0.05}
WRITES_AGAIN = 3  # every third chat is from somebody who wrote before
TWICE = 20  # every twentieth callback is delivered twice, as gateways do
WITH_PHOTO = 4  # every fourth form and mail

ACTS = 7  # from verification to the answer: tests/support/desk.py
ACTS_A_SECOND = TIMES * A_DAY * ACTS / (OFFICE_HOURS * 3600)  # 5.8
TRACKED_A_SECOND = ARRIVALS_A_SECOND / 2
SEARCHED_A_SECOND = 2.0


def arrivals(seconds):
    """[(second, channel, n-th of it)], evenly spaced, the channels mixed as their shares are."""
    due = dict.fromkeys(SHARES, 0.0)
    counts = dict.fromkeys(SHARES, 0)
    plan = []
    for number in range(max(int(ARRIVALS_A_SECOND * seconds), len(SHARES))):
        for channel, share in SHARES.items():
            due[channel] += share
        channel = max(due, key=due.get)
        due[channel] -= 1
        plan.append((number / ARRIVALS_A_SECOND, channel, counts[channel]))
        counts[channel] += 1
    return plan
