/* Counts what a process changes on the disk under one folder, and fails at the n-th change, or stops
 * at each of them so that a picture of the folder is taken.
 *
 * Loaded before libc (LD_PRELOAD). Idle until galien_fault_arm(); a forked child arms its own copy.
 * Kinds: 1 kill before the call, 2 EIO once, 3 ENOSPC from the n-th that takes space on, 4 half of the write then kill,
 * 5 power cut: kill before the call, and what was synced until then is in `folder`-durable: the content
 * of a file in f<inode>, the names of a folder in d<inode>. What is unlinked or replaced keeps a link
 * there, so that no inode is given again. 6 walk: before each change, and in the middle of each write,
 * says which on a pipe and stops the whole process until it is told to go on; syncs are noted as in 5.
 * 7 EIO once, syncs noted as in 5: the power is cut after the end.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { KILL = 1, EIO_ONCE = 2, NO_SPACE = 3, TORN = 4, POWER = 5, WALK = 6, POWER_AFTER_EIO = 7 };
enum { PASS, FAIL, HALF };

static char root[PATH_MAX];
static size_t root_length;
static long fail_at;
static int kind;
static atomic_long seen;
static char unsynced[PATH_MAX];
static pthread_mutex_t shadowing = PTHREAD_MUTEX_INITIALIZER;
/* On a walk, one change at a time: from its stop until it is made. */
static pthread_mutex_t walking = PTHREAD_MUTEX_INITIALIZER;
static __thread int on_the_way;
static int told;

/* `pipe` is where a walk says what it is about to do. */
void galien_fault_arm(const char *folder, long n, int how, int pipe) {
    told = pipe;
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    fail_at = n;
    kind = how;
    atomic_store(&seen, 0);
}

long galien_fault_seen(void) { return atomic_load(&seen); }

static char watched[1 << 16];
static atomic_int opened;

/* Watch files by their names without folders, one a line. */
void galien_watch(const char *names) {
    snprintf(watched, sizeof watched, "\n%s\n", names);
    atomic_store(&opened, 0);
}

/* Tell whether a watched file was opened. */
int galien_opened(void) { return atomic_load(&opened); }

/* Whether what is synced is noted. */
static int noted(void) { return kind == POWER || kind == WALK || kind == POWER_AFTER_EIO; }

static int inside(const char *path) {
    return root_length && strncmp(path, root, root_length) == 0;
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return inside(path);
}

static void die(void) {
    pthread_mutex_lock(&shadowing);
    kill(getpid(), SIGKILL);
    pause();
}

static void shadow_of(char *name, char letter, ino_t inode) {
    snprintf(name, PATH_MAX, "%.*s-durable/%c%lu", PATH_MAX - 40, root, letter, (unsigned long)inode);
}

static void shadow_names(const char *path, const char *name) {
    DIR *folder = opendir(path);
    FILE *list = fopen(name, "w");
    struct dirent *entry;
    while (folder && list && (entry = readdir(folder)))
        fprintf(list, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    if (list) fclose(list);
    if (folder) closedir(folder);
}

static void shadow_bytes(const char *path, const char *name) {
    static char data[1 << 16];
    FILE *from = fopen(path, "rb"), *to = fopen(name, "wb");
    size_t size;
    while (from && to && (size = fread(data, 1, sizeof data, from))) fwrite(data, 1, size, to);
    if (to) fclose(to);
    if (from) fclose(from);
}

/* What a sync has made durable. */
static void shadow(int fd) {
    int saved = errno;
    char path[PATH_MAX], name[PATH_MAX];
    struct stat found;
    if (noted() && path_of(fd, path) && fstat(fd, &found) == 0) {
        pthread_mutex_lock(&shadowing);
        shadow_of(name, S_ISDIR(found.st_mode) ? 'd' : 'f', found.st_ino);
        if (S_ISDIR(found.st_mode)) shadow_names(path, name);
        else shadow_bytes(path, name);
        pthread_mutex_unlock(&shadowing);
    }
    errno = saved;
}

/* A name is about to go: its inode stays. */
static void keep(const char *path) {
    int saved = errno;
    char name[PATH_MAX];
    struct stat found;
    if (noted() && inside(path) && stat(path, &found) == 0 && S_ISREG(found.st_mode)) {
        shadow_of(name, 'k', found.st_ino);
        (void)!link(path, name);
    }
    errno = saved;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Say what comes next and stop, all threads, until SIGCONT. */
static void stop_before(const char *what, const char *path) {
    char line[PATH_MAX + 32];
    const char *place = path[root_length] ? path + root_length + 1 : ".";
    int length = snprintf(line, sizeof line, "%s %s\n", what, place);
    (void)!REAL(write)(told, line, length);
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGSTOP);
}

/* A change is made: the next may come. */
static void made(void) {
    if (!on_the_way) return;
    on_the_way = 0;
    pthread_mutex_unlock(&walking);
}

static int judge(const char *what, const char *path, int can_tear, int takes_space) {
    if (kind == NO_SPACE && !takes_space) return PASS;
    if (kind == WALK) {
        pthread_mutex_lock(&walking);
        on_the_way = 1;
    }
    long now = atomic_fetch_add(&seen, 1) + 1;
    if (kind == WALK) {
        stop_before(what, path);
        return can_tear ? HALF : PASS;
    }
    if (now < fail_at || (now > fail_at && kind != NO_SPACE)) return PASS;
    if (kind == KILL || kind == POWER) die();
    if (kind == TORN) {
        if (can_tear) return HALF;
        die();
    }
    if (kind == NO_SPACE) {
        errno = ENOSPC;
        return FAIL;
    }
    errno = EIO;
    return FAIL;
}

#define ON_FD(fd, what, can_tear, takes_space)                \
    int saved_errno = errno;                                  \
    char path[PATH_MAX];                                      \
    int verdict = path_of(fd, path) ? judge(what, path, can_tear, takes_space) : PASS; \
    if (verdict == FAIL) return -1;                           \
    errno = saved_errno

#define MADE(type, call)                                      \
    type result = call;                                       \
    made();                                                   \
    return result

/* Half is on the disk: die there, or stop there and write the rest after. */
static void torn(const char *path) {
    if (kind != WALK) die();
    stop_before("half", path);
}

ssize_t write(int fd, const void *data, size_t size) {
    ON_FD(fd, "write", 1, 1);
    size_t half = verdict == HALF ? size / 2 : 0;
    if (verdict == HALF) { REAL(write)(fd, data, half); torn(path); }
    MADE(ssize_t, REAL(write)(fd, (const char *)data + half, size - half) + half);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    ON_FD(fd, "pwrite", 1, 1);
    if (verdict == HALF) { REAL(pwrite)(fd, data, size / 2, at); torn(path); }
    MADE(ssize_t, REAL(pwrite)(fd, data, size, at));
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    ON_FD(fd, "pwrite", 1, 1);
    if (verdict == HALF) { REAL(pwrite64)(fd, data, size / 2, at); torn(path); }
    MADE(ssize_t, REAL(pwrite64)(fd, data, size, at));
}

ssize_t sendfile(int out, int in, off_t *at, size_t size) {
    ON_FD(out, "sendfile", 0, 1);
    MADE(ssize_t, REAL(sendfile)(out, in, at, size));
}

ssize_t sendfile64(int out, int in, off64_t *at, size_t size) {
    ON_FD(out, "sendfile", 0, 1);
    MADE(ssize_t, REAL(sendfile64)(out, in, at, size));
}

/* A draft whose sync failed must be given up: syncing it again may lie. */
static int synced(int fd, const char *what, int (*sync)(int)) {
    ON_FD(fd, what, 0, 0);
    if (strstr(path, ".part") && strcmp(path, unsynced) == 0) _exit(99);
    return sync(fd);
}

static void note_failed_sync(int fd) {
    int saved = errno;
    if (!path_of(fd, unsynced)) unsynced[0] = 0;
    errno = saved;
}

int fsync(int fd) {
    int result = synced(fd, "fsync", REAL(fsync));
    if (result != 0) note_failed_sync(fd);
    else shadow(fd);
    made();
    return result;
}

int fdatasync(int fd) {
    int result = synced(fd, "fdatasync", REAL(fdatasync));
    if (result != 0) note_failed_sync(fd);
    else shadow(fd);
    made();
    return result;
}

int ftruncate(int fd, off_t size) {
    ON_FD(fd, "truncate", 0, 0);
    MADE(int, REAL(ftruncate)(fd, size));
}

int ftruncate64(int fd, off64_t size) {
    ON_FD(fd, "truncate", 0, 0);
    MADE(int, REAL(ftruncate64)(fd, size));
}

#define ON_PATH(path, what, takes_space)                      \
    int saved_errno = errno;                                  \
    if (inside(path) && judge(what, path, 0, takes_space) == FAIL) return -1; \
    errno = saved_errno

int rename(const char *from, const char *to) {
    ON_PATH(to, "rename", 0);
    keep(to);
    MADE(int, REAL(rename)(from, to));
}

int unlink(const char *path) {
    ON_PATH(path, "unlink", 0);
    keep(path);
    MADE(int, REAL(unlink)(path));
}

int mkdir(const char *path, mode_t mode) {
    ON_PATH(path, "mkdir", 1);
    MADE(int, REAL(mkdir)(path, mode));
}

static void look(const char *path) {
    const char *name = strrchr(path, '/');
    char line[NAME_MAX + 3];
    snprintf(line, sizeof line, "\n%.*s\n", NAME_MAX, name ? name + 1 : path);
    if (*watched && strstr(watched, line)) atomic_store(&opened, 1);
}

#define OPEN(name, ...)                                       \
    mode_t mode = 0;                                          \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list rest;                                         \
        va_start(rest, flags);                                \
        mode = va_arg(rest, mode_t);                          \
        va_end(rest);                                         \
    }                                                         \
    look(path);                                               \
    return REAL(name)(__VA_ARGS__, flags, mode)

int open(const char *path, int flags, ...) { OPEN(open, path); }
int open64(const char *path, int flags, ...) { OPEN(open64, path); }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, at, path); }
int openat64(int at, const char *path, int flags, ...) { OPEN(openat64, at, path); }

FILE *fopen(const char *path, const char *mode) {
    look(path);
    return REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
    look(path);
    return REAL(fopen64)(path, mode);
}
