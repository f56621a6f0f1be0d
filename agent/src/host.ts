import type { DatabaseServer } from '@tidewaiter/protocol'

/** Why a server, or one of its views, did not answer. */
export type DatabaseCode =
  | 'password-file-broken'
  | 'not-reachable'
  | 'login-refused'
  | 'tls-refused'
  | 'not-permitted'
  | 'not-installed'
  | 'not-enabled'
  | 'rows-left-out'
  | 'too-slow'
  | 'too-large'
  | 'answer-malformed'
  | 'child-failed'

export interface DatabaseView {
  /** Name of the view or statement, as the engine has it. */
  view: string
  rows: readonly Readonly<Record<string, string | number>>[]
  /** What is missing of it. */
  missing?: { code: DatabaseCode; says: string }
}

export type DatabaseAnswer = { views: readonly DatabaseView[] } | { code: DatabaseCode; says: string }

/** The clocks of the machine; tests pass one they move by hand. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. It may step. */
  now(): number
  /** Milliseconds that only rise. */
  steady(): number
  /** Resolves after `ms` or as soon as the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `act` after `ms`, unless what it returns is called before. Costs a fraction of a sleep that is broken off. */
  timer(ms: number, act: () => void): () => void
}

export interface FileStat {
  /** Decimal text: inode numbers can be larger than a safe integer. */
  dev: string
  ino: string
  size: number
  modifiedNs: bigint
  links: number
}

/** What the system keeps of a name, beside its content. */
export interface FileFacts {
  kind: 'file' | 'folder' | 'link' | 'other'
  /** Decimal text, as in `FileStat`. */
  dev: string
  ino: string
  size: number
  /** Permissions with setuid, setgid and sticky: the last twelve bits. */
  mode: number
  uid: number
  gid: number
  modifiedNs: bigint
  changedNs: bigint
}

/** Why a file cannot be had. `link`: the last part of the path is a symbolic link, which is never followed. */
export type Unreadable = 'missing' | 'not-permitted' | 'link' | 'not-a-file' | 'failed'

/** A regular file that stays open, whatever happens to its name. */
export interface OpenFile {
  stat(): Promise<FileStat>
  /** Reads up to `into.length` bytes from byte `at`; 0 at the end. */
  read(into: Uint8Array, at: number): Promise<number>
  /** Calls `changed` when the file itself is written to, renamed or removed. Returns how to stop. */
  onChange(changed: () => void): () => void
  /** The path it has now, links resolved, as the system tells it; undefined where that cannot be told. */
  realPath(): string | undefined
  close(): Promise<void>
}

/** What a process has in memory; the process runs on meanwhile. */
export interface ProcessMemory {
  /** Reads up to `into.length` bytes from an address; 0 when the process is gone, undefined where nothing can be read. Throws when it hangs. */
  read(into: Uint8Array, at: number): Promise<number | undefined>
  close(): void
}

/** Tells when something under the watched paths changed. Ends with the signal it was made with. */
export interface Watch {
  /** Watches these paths, existing or not, instead of those before. */
  set(paths: readonly string[]): void
  /** To be called from outside when something changed that no path shows. */
  touch(): void
  /** Resolves at once when something changed since the last call, else with the next change, after `ms`, or when it ends. */
  wait(ms: number): Promise<void>
}

/** Tells in which folders something changed: a name, or a file by its content or attributes. Ends with the signal it was made with. */
export interface FolderWatch {
  /** Watches what lies in a folder, not deeper. False where the system does not grant it. */
  add(folder: string): boolean
  /** A folder, and all below it, is another one now, or none. */
  forget(folder: string): void
  /** Watches no other folders than these. */
  keep(folders: ReadonlySet<string>): void
  /** Folders with a change since the last call; resolves with the first change, after `ms`, or when it ends. */
  wait(ms: number): Promise<string[]>
}

/** What this agent has used, with the programs it asks. */
export interface OwnUse {
  /** Milliseconds of CPU. It only rises. */
  cpuMs(): number
  rssBytes(): number
  /** Gives back what is garbage: a process that waits for its memory to come down collects none by itself. */
  collectGarbage(): void
}

/** What the PowerShell of a Windows machine may be asked: closed, each a text of our own. */
export type Script =
  | ('processes' | 'sockets' | 'accounts' | 'software' | 'autoruns' | 'drivers')
  | ('network-settings' | 'protection')

/** A digest of a program file, or why there is none. */
export type FileHash = { sha256: string } | { why: string }

/**
 * Everything a collector may ask of the machine. Expected failures (a file that is missing, a process that ended) are
 * values; what is thrown ends the pass and becomes a record of kind `gap`.
 */
export interface Host extends Clock {
  readonly platform: NodeJS.Platform
  /** Name of the machine: a label, never an identity. */
  readonly name: string
  /** As the system calls itself: `Debian GNU/Linux 12 (bookworm)`. */
  readonly os: string
  readonly bootId: string
  /** Milliseconds since the machine booted, the time it slept included; undefined where that cannot be read. */
  sinceBoot(): number | undefined
  /** IANA zone, and its offset now in minutes east of UTC. */
  readonly zone: string
  utcOffset(): number

  /** Undefined when nothing is there or it may not be looked at. Never follows a link in the last part. */
  stat(path: string): Promise<FileStat | undefined>
  /** Whom a name belongs to, what it permits and when it was changed; of a link that of the link itself. */
  facts(path: string): Promise<FileFacts | undefined>
  open(path: string): Promise<OpenFile | Unreadable>
  /** Names in a folder, at most 10,000; none when it cannot be read. */
  list(folder: string): Promise<string[]>
  /** The same for what has to be complete: undefined when the folder cannot be read. */
  names(folder: string): Promise<string[] | undefined>
  /** The whole of a file. Throws when it has more than `limit` bytes. */
  read(path: string, limit: number): Promise<Buffer | Unreadable>
  /** The whole of a small file of /proc that cannot block; undefined when it is gone or not permitted. At most 64 KiB. */
  readNow(path: string): Buffer | undefined
  /** The same as text, in one step: what is no UTF-8 in it is lost. Costs a fifth. */
  textNow(path: string): string | undefined
  /** Whom a file or folder of /proc belongs to. */
  ownerNow(path: string): { uid: number; gid: number } | undefined
  linkNow(path: string): string | undefined
  listNow(folder: string): string[]
  /**
   * Reads what may hang (memory of another process): says why when it does; undefined when it is gone or not permitted.
   * At most `limit` bytes, 64 KiB where none is given.
   */
  readHanging(path: string, limit?: number): Promise<Buffer | { why: string } | undefined>
  /** The memory that a process has now: what it maps after another `execve` is not of it. One at a time. */
  openMemory(pid: number): Promise<ProcessMemory | Unreadable>
  /** SHA-256 of a file, kept as long as device, inode, size and times stay. Links are followed: made for /proc/<pid>/exe. */
  hashFile(path: string): Promise<FileHash>
  /** True when the file behind the path has no name any more. Links are followed. */
  isDeleted(path: string): boolean
  /** Whom the file behind the path belongs to, what it permits and how many names it has. Links are followed: made for /proc/<pid>/map_files. */
  behindNow(path: string): { mode: number; uid: number; links: number } | undefined
  /** Lets others work before a long pass goes on. */
  breathe(): Promise<void>
  watch(signal: AbortSignal): Watch
  watchFolders(signal: AbortSignal): FolderWatch

  /** True when the command is installed. */
  has(command: string): boolean
  /** Output of a command as it comes. Throws `command-failed` when it ends with an error; stops it when the signal aborts. */
  run(
    command: string,
    args: readonly string[],
    signal: AbortSignal,
    /** What it wrote as errors, at most 2,000 characters, when it has ended. */
    told?: (errors: string) => void,
  ): AsyncIterable<Buffer>
  /**
   * What a command answers, at most `limit` bytes within half a minute; says why where there is no answer: it is not
   * installed, ended with an error, took too long or said more.
   */
  ask(
    command: string,
    args: readonly string[],
    ask: { limit: number; signal: AbortSignal },
  ): Promise<Buffer | { why: string }>
  /** Rows of a script, each an object as JSON, at most `limit` bytes; says why where there is no answer. */
  askScript(script: Script, ask: { limit: number; signal: AbortSignal }): Promise<string[] | { why: string }>
  /** One answer of `systeminformation` a section. Programs are waited for on the thread. */
  inventory(signal: AbortSignal): AsyncIterable<{ method: string; section: string; value: unknown }>
  /** Asks one database server for its counters, in a process of its own that ends with the answer or is ended. */
  readDatabase(server: DatabaseServer, signal: AbortSignal): Promise<DatabaseAnswer>
  /** Writes one line to the host's own system log. False when there is none. */
  noteInSystemLog(line: string): Promise<boolean>
  /** Free and total bytes of the volume a path lies on. */
  space(path: string): { free: number; total: number }
  readonly use: OwnUse
}
