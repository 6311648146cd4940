/* Threads and hand-over. Jobs travel loop → queue → book thread → `finished` → loop; whoever holds a job owns
 * it.
 *
 * One task, the bell, tells the loop that `finished` is not empty: it is posted by whoever puts the first job
 * there, so while no book thread is between the two acts, it is posted if and only if `finished` is not
 * empty. It is allocated on its own because it may still be posted when the book is closed: it then frees
 * itself. */
#include "book.h"
#include "daemon/base/clock.h"
#include "daemon/base/file.h"
#include "job_queue.h"
#include "rules/register.h"
#include "txn_private.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    READERS_MOST = 8,
    DONE_A_TURN = 256, /* so that the loop's I/O stays alive */
    PROBE_MS = STORAGE_HOLD_MS,
    REST_AFTER_MS = 30 * 1000 /* without a job: a connection gives its memory back */
};

struct book {
    struct book_options options; /* strings owned */
    struct loop *loop;           /* NULL = no threads */
    int lock_fd;
    struct book_txn *writer, *aside, *readers[READERS_MOST];
    int reader_count; /* connections open */
    pthread_t threads[2 + READERS_MOST];
    int thread_count;
    struct job_queue writes, reads, asides, finished;
    struct loop_task bell, gathering;
    struct book_job *gathered, **gathered_end; /* this turn's, loop thread */
    struct storage storage;
    struct loop_timer *probe_timer; /* armed while the book cannot be written */
    struct book_job probe;
    bool probing;
    atomic_bool outbox_grew, happened, closing;
    loop_fn *wake, *tell; /* loop thread */
    void *wake_arg, *tell_arg;
};

struct reader_start {
    struct book *book;
    struct book_txn *txn;
};

static void hand_over_gathered(void *arg);

/* ---- on the loop ---- */

static void wake_senders(struct book *book)
{
    if (atomic_exchange(&book->outbox_grew, false) && book->wake)
        book->wake(book->wake_arg);
    if (atomic_exchange(&book->happened, false) && book->tell)
        book->tell(book->tell_arg);
}

static void tell_done(struct book_job *list)
{
    while (list) {
        struct book_job *job = list;
        list = job->next; /* done() may free the job */
        job->done(job->arg, job->outcome, &job->fault);
    }
}

/* While the book cannot be written it tries by itself, so that the end of the trouble is seen without a visitor. */
static void watch_storage(struct book *book)
{
    if (book_cannot_write_since(book) && !book->probing) {
        book->probing = true;
        loop_timer_set(book->probe_timer, PROBE_MS);
    }
}

static void probed(void *arg, enum outcome outcome, const struct fault *fault)
{
    struct book *book = arg;
    (void)outcome, (void)fault; /* the storage was told */
    book->probing = false;
    watch_storage(book);
}

static void probe(void *arg)
{
    struct book *book = arg;
    book->probe = (struct book_job){.work = batch_probe, .done = probed, .arg = book};
    book_write(book, &book->probe);
}

static void bell_rung(void *arg)
{
    struct book *book = arg;
    wake_senders(book);
    bool more;
    struct book_job *list = job_queue_take(&book->finished, DONE_A_TURN, &more);
    if (more) /* nobody else posts the bell while `finished` is not empty */
        loop_post(book->loop, &book->bell);
    tell_done(list);
    watch_storage(book);
}

/* ---- on the book's threads ---- */

static void finish(struct book *book, struct book_job *job)
{
    bool first = false;
    job_queue_put(&book->finished, job, &first);
    if (first)
        loop_post(book->loop, &book->bell);
}

static void rest(void *arg)
{
    connection_rest(arg);
}

static void *writer_main(void *arg)
{
    struct book *book = arg;
    const struct job_rest quiet = {REST_AFTER_MS, rest, book->writer};
    for (struct book_job *list; (list = job_queue_wait(&book->writes, SIZE_MAX, &quiet));) {
        batch_write(book->writer, list);
        if (book->writer->queued_outbox)
            atomic_store(&book->outbox_grew, true);
        if (book->writer->happened)
            atomic_store(&book->happened, true);
        book->writer->happened = false;
        while (list) {
            struct book_job *job = list;
            list = job->next;
            finish(book, job);
        }
    }
    return NULL;
}

static void *reader_main(void *arg)
{
    struct reader_start start = *(struct reader_start *)arg;
    free(arg);
    const struct job_rest quiet = {REST_AFTER_MS, rest, start.txn};
    for (struct book_job *job; (job = job_queue_wait(&start.book->reads, 1, &quiet));) {
        batch_read(start.txn, job);
        finish(start.book, job);
    }
    return NULL;
}

static void *aside_main(void *arg)
{
    struct book *book = arg;
    const struct job_rest quiet = {REST_AFTER_MS, rest, book->aside};
    for (struct book_job *job; (job = job_queue_wait(&book->asides, 1, &quiet));) {
        batch_aside(book->aside, job);
        finish(book, job);
    }
    return NULL;
}

static bool thread_start(struct book *book, void *(*run)(void *), void *arg)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop thread's */
    bool started = !pthread_create(&book->threads[book->thread_count], NULL, run, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    book->thread_count += started;
    return started;
}

static bool start_reader(struct book *book, struct book_txn *txn)
{
    struct reader_start *start = malloc(sizeof *start);
    if (!start)
        return false;
    *start = (struct reader_start){book, txn};
    bool started = thread_start(book, reader_main, start);
    if (!started)
        free(start);
    return started;
}

/* ---- opening and closing ---- */

static enum outcome take_options(struct book *book, const struct book_options *given, struct fault *fault)
{
    struct book_options *o = &book->options;
    const char *format = given->number_format ? given->number_format : "%03n/PGD/%R/%Y";
    const char *wrong = register_format_fault(format);
    if (wrong) {
        char text[sizeof fault->public_text];
        snprintf(text, sizeof text, "Format nomor register %s.", wrong);
        return fault_set(fault, OUTCOME_STOP, text, "register number format: %s", format);
    }
    *o = *given;
    o->folder = strdup(given->folder);
    o->number_format = strdup(format);
    o->office = strdup(given->office ? given->office : "kantor");
    o->event_channel = given->event_channel ? strdup(given->event_channel) : NULL;
    o->readers = given->readers < 1 ? 1 : given->readers > READERS_MOST ? READERS_MOST : given->readers;
    if (!o->folder || !o->number_format || !o->office || (given->event_channel && !o->event_channel))
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the book");
    return OUTCOME_DONE;
}

static enum outcome lock_folder(struct book *book, struct fault *fault)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/book.lock", book->options.folder) >= (int)sizeof path)
        return fault_set(fault, OUTCOME_STOP, "Nama folder data terlalu panjang.", "path too long: %s",
            book->options.folder);
    if (book->options.create) {
        enum outcome made = file_make_folder(book->options.folder, 0700, fault);
        if (made)
            return made;
    }
    book->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (book->lock_fd < 0 && errno == ENOENT)
        return fault_set(
            fault, OUTCOME_STOP, "Folder data belum ada. Jalankan: pengaduand init", "%s: %m", path);
    if (book->lock_fd < 0)
        return fault_set(
            fault, OUTCOME_LATER, "Folder data tidak dapat dipakai. Periksa izinnya.", "%s: %m", path);
    if (!flock(book->lock_fd, LOCK_EX | LOCK_NB))
        return OUTCOME_DONE;
    return fault_set(fault, OUTCOME_STOP,
        "Buku Pengaduan sedang dipakai oleh pengaduand lain. Hentikan yang lain dahulu, lalu jalankan lagi.",
        "%s: %m", path);
}

static enum outcome open_connections(struct book *book, struct fault *fault)
{
    if (book->options.look)
        return connection_open(&book->readers[book->reader_count++], &book->options, false, fault);
    enum outcome outcome = connection_open(&book->writer, &book->options, true, fault);
    if (!outcome)
        book->writer->storage = &book->storage;
    int wanted = book->loop ? book->options.readers : 1;
    while (!outcome && book->reader_count < wanted) {
        outcome = connection_open(&book->readers[book->reader_count], &book->options, false, fault);
        if (!outcome)
            book->readers[book->reader_count++]->storage = &book->storage;
    }
    if (!outcome)
        outcome = connection_open(&book->aside, &book->options, false, fault);
    if (!outcome)
        book->aside->closing = &book->closing;
    return outcome;
}

static enum outcome start_threads(struct book *book, struct fault *fault)
{
    if (!book->loop)
        return OUTCOME_DONE;
    bool started = (book->probe_timer = loop_timer_new(book->loop, probe, book)) &&
                   thread_start(book, writer_main, book) && thread_start(book, aside_main, book);
    for (int i = 0; started && i < book->reader_count; i++)
        started = start_reader(book, book->readers[i]);
    return started ? OUTCOME_DONE
                   : fault_set(fault, OUTCOME_LATER, NULL, "cannot start the book's threads: %m");
}

enum outcome book_open(
    struct book **ret_book, struct loop *loop, const struct book_options *options, struct fault *fault)
{
    struct book *book = calloc(1, sizeof *book);
    if (!book || sodium_init() < 0) {
        free(book);
        return fault_set(fault, OUTCOME_LATER, NULL, "no memory for the book");
    }
    book->bell = (struct loop_task){.run = bell_rung, .arg = book};
    book->gathering = (struct loop_task){.run = hand_over_gathered, .arg = book};
    book->gathered_end = &book->gathered;
    book->loop = loop;
    book->lock_fd = -1;
    job_queue_init(&book->writes);
    job_queue_init(&book->reads);
    job_queue_init(&book->asides);
    job_queue_init(&book->finished);
    enum outcome outcome = take_options(book, options, fault);
    if (!outcome)
        outcome = lock_folder(book, fault);
    if (!outcome)
        outcome = open_connections(book, fault);
    if (!outcome)
        outcome = start_threads(book, fault);
    if (outcome)
        book_close(book);
    else
        *ret_book = book;
    return outcome;
}

/* Submissions that done() makes now are answered LATER and land in `finished` too. */
static void finish_all(struct book *book)
{
    if (book->loop)
        loop_recall(book->loop, &book->bell);
    for (struct book_job *list; (list = job_queue_take(&book->finished, SIZE_MAX, NULL));)
        tell_done(list);
}

void book_close(struct book *book)
{
    if (!book)
        return;
    atomic_store(&book->closing, true);
    if (book->loop && book->gathered) {
        loop_recall(book->loop, &book->gathering);
        hand_over_gathered(book);
    }
    job_queue_close(&book->writes);
    job_queue_close(&book->reads);
    job_queue_close(&book->asides);
    while (book->thread_count)
        pthread_join(book->threads[--book->thread_count], NULL);
    finish_all(book);
    loop_timer_free(book->probe_timer);
    while (book->reader_count)
        connection_close(book->readers[--book->reader_count]);
    connection_close(book->aside);
    connection_close(book->writer); /* last: it writes the WAL back into the file */
    if (book->lock_fd >= 0)
        close(book->lock_fd);
    job_queue_destroy(&book->writes);
    job_queue_destroy(&book->reads);
    job_queue_destroy(&book->asides);
    job_queue_destroy(&book->finished);
    free((char *)book->options.folder);
    free((char *)book->options.number_format);
    free((char *)book->options.office);
    free((char *)book->options.event_channel);
    free(book);
}

/* ---- what callers use ---- */

static void submit(struct book *book, struct job_queue *queue, struct book_job *job)
{
    job->at = clock_now_ms();
    if (job_queue_put(queue, job, NULL))
        return;
    job->outcome = fault_set(&job->fault, OUTCOME_LATER, NULL, "the book is being closed");
    job_queue_put(&book->finished, job, NULL);
}

void book_write(struct book *book, struct book_job *job)
{
    submit(book, &book->writes, job);
}

static void hand_over_gathered(void *arg)
{
    struct book *book = arg;
    struct book_job *first = book->gathered;
    book->gathered = NULL;
    book->gathered_end = &book->gathered;
    if (!first || job_queue_put_list(&book->writes, first))
        return;
    for (struct book_job *next; first; first = next) {
        next = first->next;
        submit(book, &book->writes, first); /* closed: it says so to each */
    }
}

void book_write_together(struct book *book, struct book_job *job)
{
    job->at = clock_now_ms();
    job->next = NULL;
    if (!book->gathered)
        loop_post(book->loop, &book->gathering);
    *book->gathered_end = job;
    book->gathered_end = &job->next;
}

void book_read(struct book *book, struct book_job *job)
{
    submit(book, &book->reads, job);
}

void book_aside(struct book *book, struct book_job *job)
{
    submit(book, &book->asides, job);
}

enum outcome book_run(struct book *book, bool write, book_work *work, void *arg, struct fault *fault)
{
    if (book->loop || (write && book->options.look))
        return fault_set(fault, OUTCOME_STOP, NULL, "book_run is for a book without threads");
    struct book_job job = {.work = work, .arg = arg, .at = clock_now_ms()};
    if (write)
        batch_write(book->writer, &job);
    else
        batch_read(book->readers[0], &job);
    if (fault)
        *fault = job.fault;
    return job.outcome;
}

enum outcome book_run_aside(struct book *book, book_work *work, void *arg, struct fault *fault)
{
    if (book->loop)
        return fault_set(fault, OUTCOME_STOP, NULL, "book_run_aside is for a book without threads");
    struct book_job job = {.work = work, .arg = arg, .at = clock_now_ms()};
    batch_aside(book->aside, &job);
    if (fault)
        *fault = job.fault;
    return job.outcome;
}

int64_t txn_now(const struct book_txn *txn)
{
    return txn->now;
}

const struct book_options *txn_options(const struct book_txn *txn)
{
    return txn->options;
}

int64_t txn_cannot_write_since(const struct book_txn *txn)
{
    return txn->storage ? atomic_load(&txn->storage->since) : 0;
}

bool txn_closing(const struct book_txn *txn)
{
    return txn->closing && atomic_load(txn->closing);
}

void book_on_outbox(struct book *book, loop_fn *wake, void *arg)
{
    book->wake = wake;
    book->wake_arg = arg;
}

void book_on_event(struct book *book, loop_fn *tell, void *arg)
{
    book->tell = tell;
    book->tell_arg = arg;
}

int64_t book_cannot_write_since(const struct book *book)
{
    return atomic_load(&book->storage.since);
}

enum log_level book_failure_level(const struct book *book, enum outcome outcome)
{
    return outcome == OUTCOME_LATER && book_cannot_write_since(book) ? LOG_DEBUG : LOG_ERROR;
}

size_t book_queue_length(const struct book *book)
{
    return job_queue_length(&((struct book *)book)->writes);
}
