import Glibc

/// Why the system refused something, in words that go behind what was tried: `cannot write a.toml: no space is left …`.
package enum SystemReason {
    /// - Parameter code: `errno`.
    /// - Returns: Why, and where there is something to do, what.
    package static func text(_ code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "permission denied; look at the owner and the mode with ls -ld"
        case ENOENT: "there is no such file or folder"
        case ENOTDIR: "a part of the path is a file, not a folder"
        case EISDIR: "it is a folder"
        case EEXIST: "there is one already"
        case ENOTEMPTY: "the folder is not empty"
        case ENOSPC: "no space is left on the disk; free some"
        case EDQUOT: "the disk quota is used up; free some space"
        case EROFS: "the file system is read-only"
        case EFBIG: "it would be larger than the file system or ulimit -f allows"
        case EIO: "the disk reports an input/output error"
        case EMFILE: "the process has no file descriptor left; raise the limit with ulimit -n"
        case ENFILE: "the system has no file descriptor left"
        case ENOMEM: "the system has no memory left"
        case EAGAIN: "the system has no room for another process or thread; try again, or raise ulimit -u"
        case EPIPE: "the reader has closed it"
        case EBADF: "it is closed"
        case ELOOP: "too many symbolic links follow each other"
        case ENAMETOOLONG: "the name is too long"
        case ETXTBSY: "the program is being written"
        case ENOEXEC: "it is no program for this machine"
        case EBUSY: "it is in use"
        case ESTALE: "the network folder has lost it; open it anew"
        default: self.system(code)
        }
    }

    /// The system's own words, as a part of a sentence.
    private static func system(_ code: Int32) -> String {
        guard let words = strerror(code) else { return "error \(code) of the system" }
        let text = String(cString: words)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
