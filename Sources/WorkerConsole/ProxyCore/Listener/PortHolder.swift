#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The process that listens on a port.
package struct PortHolder: Sendable, Equatable {
    package let processID: Int
    /// The command's name, as the system shows it: at most 15 bytes.
    package let name: String

    package init(processID: Int, name: String) {
        self.processID = processID
        self.name = name
    }

    /// Looks into /proc for the process that listens on this TCP port.
    ///
    /// - Returns: `nil` when there is none, or when it belongs to another user and cannot be seen.
    static func find(port: Int) -> PortHolder? {
        let inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { self.listeningInodes(in: self.read($0), port: port) }
        guard !inodes.isEmpty else { return nil }
        let links = Set(inodes.map { "socket:[\($0)]" })
        for entry in self.names(in: "/proc") {
            guard let processID = Int(entry) else { continue }
            let folder = "/proc/\(entry)/fd"
            for descriptor in self.names(in: folder) where links.contains(self.link("\(folder)/\(descriptor)")) {
                let name = self.read("/proc/\(entry)/comm").prefix { $0 != 0x0A && $0 >= 0x20 }
                return PortHolder(processID: processID, name: String(decoding: name, as: UTF8.self))
            }
        }
        return nil
    }

    /// The inodes of the sockets that listen on `port`, from the text of `/proc/net/tcp`.
    static func listeningInodes(in table: [UInt8], port: Int) -> [String] {
        table.split(separator: 0x0A).dropFirst().compactMap { line in
            let columns = line.split(separator: 0x20)
            // Columns: number, local address:port, remote, state (0A is LISTEN), …, inode as the tenth.
            guard columns.count > 9, columns[3].elementsEqual("0A".utf8),
                let colon = columns[1].lastIndex(of: 0x3A),
                Int(String(decoding: columns[1][(colon + 1)...], as: UTF8.self), radix: 16) == port
            else { return nil }
            return String(decoding: columns[9], as: UTF8.self)
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func link(_ path: String) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return "" }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while result.count < 16 << 20 {
            // The C function, not this one.
            let count = chunk.withUnsafeMutableBytes { readBytes(descriptor, $0) }
            guard count > 0 else { break }
            result += chunk[..<count]
        }
        return result
    }

    private static func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
