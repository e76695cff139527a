import Glibc

/// The file systems of this machine that others may write to, of which inotify then tells nothing: NFS, SMB, FUSE, and
/// 9P, which the Windows drives of WSL 2 are.
struct SharedFolders {
    private static let kinds: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "fuseblk", "virtiofs", "vboxsf",
    ]
    private static let limit = 1 << 20

    /// Devices as `major:minor`.
    private let devices: Set<String>

    init() {
        self.init(mounts: Self.mounts())
    }

    /// - Parameter mounts: As in `/proc/self/mountinfo` (proc(5)): the device is the third field of a line, and the kind
    ///   of file system stands behind a field of one hyphen.
    init(mounts: String) {
        var devices: Set<String> = []
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 3, let hyphen = fields.firstIndex(of: "-"), hyphen + 1 < fields.count else { continue }
            let kind = String(fields[hyphen + 1])
            if Self.kinds.contains(kind) || kind.hasPrefix("fuse.") { devices.insert(String(fields[2])) }
        }
        self.devices = devices
    }

    /// True when one of the folders is on such a file system; one that is not there yet counts by the folder above it.
    func contain(anyOf folders: Set<String>) -> Bool {
        guard !self.devices.isEmpty else { return false }
        return folders.contains { folder in
            var folder = folder
            var status = stat()
            while stat(folder, &status) != 0 {
                guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { return false }
                folder = String(folder[..<slash])
            }
            // As in makedev(3).
            let device = UInt64(status.st_dev)
            let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
            let minor = device & 0xFF | (device >> 12) & ~0xFF
            return self.devices.contains("\(major):\(minor)")
        }
    }

    private static func mounts() -> String {
        let descriptor = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < self.limit {
            let more = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
            }
            if more.isEmpty { break }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
