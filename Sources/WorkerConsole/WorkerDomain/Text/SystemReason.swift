import Glibc

/// Why the system refused something, in words that go behind what was tried: `cannot write a.toml: no space is left …`.
package enum SystemReason {
    /// - Parameter code: `errno`.
    /// - Returns: Why, and where there is something to do, what.
    package static func text(_ code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "permission denied; check the owner and mode with ls -ld"
        case ENOENT: "no such file or folder"
        case ENOTDIR: "part of the path is a file, not a folder"
        case EISDIR: "is a folder"
        case EEXIST: "it already exists"
        case ENOTEMPTY: "the folder is not empty"
        case ENOSPC: "no space left on the disk; free some"
        case EDQUOT: "the disk quota is used up; free some space"
        case EROFS: "the file system is read-only"
        case EFBIG: "it would be larger than the file system or ulimit -f allows"
        case EIO: "the disk reports an input/output error"
        case EMFILE: "the process is out of file descriptors; raise the limit with ulimit -n"
        case ENFILE: "the system is out of file descriptors"
        case ENOMEM: "the system is out of memory"
        case EAGAIN: "the system cannot start another process or thread; try again, or raise ulimit -u"
        case EPIPE: "the reader closed it"
        case EBADF: "it is closed"
        case ELOOP: "too many levels of symbolic links"
        case ENAMETOOLONG: "the name is too long"
        case ETXTBSY: "the program file is being written to"
        case ENOEXEC: "it is not a program for this machine"
        case EBUSY: "it is in use"
        case ESTALE: "the network file system has lost it (stale handle); open it again"
        default: self.system(code)
        }
    }

    /// The system's own words, as a part of a sentence.
    private static func system(_ code: Int32) -> String {
        guard let words = strerror(code) else { return "system error \(code)" }
        let text = String(cString: words)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
