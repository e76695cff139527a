import Glibc
import WorkerProject

/// The memory of this process.
enum ProcessMemory {
    /// Resident bytes (`/proc/self/statm`, proc(5)); `nil` where the system does not tell.
    static func residentBytes() -> Int64? {
        guard let bytes = try? BoundedFile.read("/proc/self/statm", limit: 4_096) else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return nil }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
