/* Counts what a process changes on the disk under one folder, and fails at the n-th change.
 *
 * Loaded before libc (LD_PRELOAD). Idle until galien_fault_arm(); a forked child arms its own copy.
 * Kinds: 1 kill before the call, 2 EIO once, 3 ENOSPC from then on, 4 half of the write then kill,
 * 5 power cut: kill before the call, and what was synced until then is in `folder`-durable: the content
 * of a file in f<inode>, the names of a folder in d<inode>. What is unlinked or replaced keeps a link
 * there, so that no inode is given again.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { KILL = 1, EIO_ONCE = 2, NO_SPACE = 3, TORN = 4, POWER = 5 };
enum { PASS, FAIL, HALF };

static char root[PATH_MAX];
static size_t root_length;
static long fail_at;
static int kind;
static atomic_long seen;
static char unsynced[PATH_MAX];
static pthread_mutex_t shadowing = PTHREAD_MUTEX_INITIALIZER;

void galien_fault_arm(const char *folder, long n, int how) {
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    fail_at = n;
    kind = how;
    atomic_store(&seen, 0);
}

long galien_fault_seen(void) { return atomic_load(&seen); }

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
    if (kind == POWER && path_of(fd, path) && fstat(fd, &found) == 0) {
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
    if (kind == POWER && inside(path) && stat(path, &found) == 0 && S_ISREG(found.st_mode)) {
        shadow_of(name, 'k', found.st_ino);
        (void)!link(path, name);
    }
    errno = saved;
}

static int judge(int can_tear, int takes_space) {
    long now = atomic_fetch_add(&seen, 1) + 1;
    if (now < fail_at || (now > fail_at && kind != NO_SPACE)) return PASS;
    if (kind == KILL || kind == POWER) die();
    if (kind == TORN) {
        if (can_tear) return HALF;
        die();
    }
    if (kind == NO_SPACE) {
        if (!takes_space) return PASS;
        errno = ENOSPC;
        return FAIL;
    }
    errno = EIO;
    return FAIL;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define ON_FD(fd, can_tear, takes_space)                      \
    int saved_errno = errno;                                  \
    char path[PATH_MAX];                                      \
    int verdict = path_of(fd, path) ? judge(can_tear, takes_space) : PASS; \
    if (verdict == FAIL) return -1;                           \
    errno = saved_errno

ssize_t write(int fd, const void *data, size_t size) {
    ON_FD(fd, 1, 1);
    if (verdict == HALF) { REAL(write)(fd, data, size / 2); die(); }
    return REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    ON_FD(fd, 1, 1);
    if (verdict == HALF) { REAL(pwrite)(fd, data, size / 2, at); die(); }
    return REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    ON_FD(fd, 1, 1);
    if (verdict == HALF) { REAL(pwrite64)(fd, data, size / 2, at); die(); }
    return REAL(pwrite64)(fd, data, size, at);
}

ssize_t sendfile(int out, int in, off_t *at, size_t size) {
    ON_FD(out, 0, 1);
    return ((ssize_t (*)(int, int, off_t *, size_t))dlsym(RTLD_NEXT, "sendfile"))(out, in, at, size);
}

ssize_t sendfile64(int out, int in, off64_t *at, size_t size) {
    ON_FD(out, 0, 1);
    return ((ssize_t (*)(int, int, off64_t *, size_t))dlsym(RTLD_NEXT, "sendfile64"))(out, in, at, size);
}

/* A draft whose sync failed must be given up: syncing it again may lie. */
static int synced(int fd, int (*sync)(int)) {
    ON_FD(fd, 0, 0);
    if (strstr(path, ".part") && strcmp(path, unsynced) == 0) _exit(99);
    return sync(fd);
}

static void note_failed_sync(int fd) {
    int saved = errno;
    if (!path_of(fd, unsynced)) unsynced[0] = 0;
    errno = saved;
}

int fsync(int fd) {
    int result = synced(fd, REAL(fsync));
    if (result != 0) note_failed_sync(fd);
    else shadow(fd);
    return result;
}

int fdatasync(int fd) {
    int result = synced(fd, REAL(fdatasync));
    if (result != 0) note_failed_sync(fd);
    else shadow(fd);
    return result;
}

int ftruncate(int fd, off_t size) {
    ON_FD(fd, 0, 0);
    return REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    ON_FD(fd, 0, 0);
    return REAL(ftruncate64)(fd, size);
}

#define ON_PATH(path, takes_space)                            \
    int saved_errno = errno;                                  \
    if (inside(path) && judge(0, takes_space) == FAIL) return -1; \
    errno = saved_errno

int rename(const char *from, const char *to) {
    ON_PATH(to, 0);
    keep(to);
    return REAL(rename)(from, to);
}

int unlink(const char *path) {
    ON_PATH(path, 0);
    keep(path);
    return REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode) {
    ON_PATH(path, 1);
    return REAL(mkdir)(path, mode);
}
