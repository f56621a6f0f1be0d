/*
 * Preloaded into a program, it writes down every change to files under the folder TIDEWAITER_JOURNALED, in the order
 * in which they happen, to the file TIDEWAITER_JOURNAL: what the disk was asked to do, and when it was asked to have
 * done it. From that, a test rebuilds the folder as a cut of the power at any moment may leave it.
 *
 * An entry: kind (1 byte), inode (8), offset or size (8), length of the path (4), length of the data (4), path, data.
 * Numbers are little-endian. Kinds: C created or emptied at open, W written, T truncated, S synced, R renamed (data: the
 * new path), U unlinked.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static const char *journaled;
static size_t journaled_length;
static int journal = -1;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("TIDEWAITER_JOURNAL");
  journaled = getenv("TIDEWAITER_JOURNALED");
  if (file == NULL || journaled == NULL) return;
  journaled_length = strlen(journaled);
  int opened = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  journal = fcntl(opened, F_DUPFD_CLOEXEC, 1000);
  syscall(SYS_close, opened);
}

static int is_ours(const char *path) {
  return journal >= 0 && strncmp(path, journaled, journaled_length) == 0 &&
         (path[journaled_length] == '/' || path[journaled_length] == 0);
}

/* The path behind a descriptor, when it is one of ours. */
static int ours(int fd, char *path) {
  char link[64];
  if (journal < 0 || fd == journal) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_ours(path);
}

static uint64_t inode_of(int fd) {
  struct stat about;
  return fstat(fd, &about) == 0 ? about.st_ino : 0;
}

static void note(char kind, uint64_t inode, uint64_t at, const char *path, const void *data, size_t size) {
  uint32_t lengths[2] = {strlen(path), size};
  struct iovec parts[] = {
      {&kind, 1}, {&inode, 8}, {&at, 8}, {lengths, 8}, {(void *)path, lengths[0]}, {(void *)data, size}};
  if (syscall(SYS_writev, journal, parts, 6) < 0) abort();
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define GUARDED(type, call, then) \
  pthread_mutex_lock(&lock); \
  type result = call; \
  then; \
  pthread_mutex_unlock(&lock); \
  return result

static void note_open(int fd, const char *path, int flags, int was_there) {
  char real_path[PATH_MAX];
  (void)path;
  if (fd < 0 || !ours(fd, real_path)) return;
  if (((flags & O_CREAT) && !was_there) || (flags & O_TRUNC)) note('C', inode_of(fd), 0, real_path, "", 0);
}

static int do_open(int dir, const char *path, int flags, mode_t mode) {
  pthread_mutex_lock(&lock);
  int was_there = journal < 0 || faccessat(dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
  int fd = syscall(SYS_openat, dir, path, flags, mode);
  note_open(fd, path, flags, was_there);
  pthread_mutex_unlock(&lock);
  return fd;
}

#define OPENING(name, before, dir) \
  int name(before const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & O_CREAT) { \
      va_list rest; \
      va_start(rest, flags); \
      mode = va_arg(rest, mode_t); \
      va_end(rest); \
    } \
    return do_open(dir, path, flags, mode); \
  }
#define NOTHING
#define DIR_FD int dir,
OPENING(open, NOTHING, AT_FDCWD)
OPENING(open64, NOTHING, AT_FDCWD)
OPENING(openat, DIR_FD, dir)
OPENING(openat64, DIR_FD, dir)

static void note_write(int fd, int64_t at, const void *data, ssize_t size) {
  char path[PATH_MAX];
  if (size > 0 && ours(fd, path)) note('W', inode_of(fd), at, path, data, size);
}

/* Where a write without an offset went: it ends where the file stands now. */
static void note_here(int fd, const void *data, ssize_t size) {
  char path[PATH_MAX];
  if (size > 0 && ours(fd, path)) note('W', inode_of(fd), lseek(fd, 0, SEEK_CUR) - size, path, data, size);
}

static void note_parts(int fd, int64_t at, const struct iovec *parts, int count, ssize_t size) {
  for (int i = 0; i < count && size > 0; i++) {
    ssize_t length = (ssize_t)parts[i].iov_len < size ? (ssize_t)parts[i].iov_len : size;
    note_write(fd, at, parts[i].iov_base, length);
    at += length;
    size -= length;
  }
}

ssize_t write(int fd, const void *data, size_t size) {
  REAL(write);
  GUARDED(ssize_t, real(fd, data, size), note_here(fd, data, result));
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  REAL(pwrite);
  GUARDED(ssize_t, real(fd, data, size, at), note_write(fd, at, data, result));
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  REAL(pwrite64);
  GUARDED(ssize_t, real(fd, data, size, at), note_write(fd, at, data, result));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  char path[PATH_MAX];
  GUARDED(ssize_t, real(fd, parts, count),
          if (result > 0 && ours(fd, path)) note_parts(fd, lseek(fd, 0, SEEK_CUR) - result, parts, count, result));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  REAL(pwritev);
  GUARDED(ssize_t, real(fd, parts, count, at), note_parts(fd, at, parts, count, result));
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  REAL(pwritev64);
  GUARDED(ssize_t, real(fd, parts, count, at), note_parts(fd, at, parts, count, result));
}

static void note_truncate(int fd, int64_t size) {
  char path[PATH_MAX];
  if (ours(fd, path)) note('T', inode_of(fd), size, path, "", 0);
}

int ftruncate(int fd, off_t size) {
  REAL(ftruncate);
  GUARDED(int, real(fd, size), if (result == 0) note_truncate(fd, size));
}

int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  GUARDED(int, real(fd, size), if (result == 0) note_truncate(fd, size));
}

static void note_sync(int fd) {
  char path[PATH_MAX];
  if (ours(fd, path)) note('S', inode_of(fd), 0, path, "", 0);
}

int fsync(int fd) {
  REAL(fsync);
  GUARDED(int, real(fd), if (result == 0) note_sync(fd));
}

int fdatasync(int fd) {
  REAL(fdatasync);
  GUARDED(int, real(fd), if (result == 0) note_sync(fd));
}

int rename(const char *from, const char *to) {
  REAL(rename);
  GUARDED(int, real(from, to), if (result == 0 && is_ours(from)) note('R', 0, 0, from, to, strlen(to)));
}

int unlink(const char *path) {
  REAL(unlink);
  GUARDED(int, real(path), if (result == 0 && is_ours(path)) note('U', 0, 0, path, "", 0));
}

int remove(const char *path) {
  REAL(remove);
  GUARDED(int, real(path), if (result == 0 && is_ours(path)) note('U', 0, 0, path, "", 0));
}

int unlinkat(int dir, const char *name, int flags) {
  REAL(unlinkat);
  char folder[PATH_MAX], path[PATH_MAX * 2];
  int known = dir != AT_FDCWD && ours(dir, folder);
  if (known) snprintf(path, sizeof path, "%s/%s", folder, name);
  else snprintf(path, sizeof path, "%s", name);
  GUARDED(int, real(dir, name, flags), if (result == 0 && is_ours(path)) note('U', 0, 0, path, "", 0));
}
