import Glibc

/// How many descriptors this process has open.
package enum OpenDescriptors {
    package static func count() throws -> Int {
        guard let folder = opendir("/proc/self/fd") else {
            throw SystemFailure(operation: "list the open descriptors", number: errno)
        }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }
}
