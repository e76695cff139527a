import Digests
import WorkerDomain

/// Computes the digests that an object is said to have, all in one reading.
struct ObjectDigests {
    private let object: StoredObject
    private let wanted: [(name: String, algorithm: Digest)]

    private static let known: [(name: String, algorithm: Digest)] = [
        ("md5", .md5), ("sha1", .sha1), ("sha256", .sha256), ("sha384", .sha384), ("sha512", .sha512),
    ]

    /// - Parameter object: One without a digest gets its MD5.
    init(_ object: StoredObject) {
        self.object = object
        let named = Self.known.filter { object.checksums[$0.name] != nil }
        self.wanted = named.isEmpty ? [("md5", .md5)] : named
    }

    /// - Returns: A verdict for each digest.
    /// - Throws: `StorageError` — `.locked` when it was written anew meanwhile, and what the store throws.
    func read(_ store: any ObjectStore, _ meter: TransferMeter) async throws(StorageError) -> [ChecksumVerdict] {
        let operation = "verify \(self.object.key)"
        let streams = self.wanted.map { DigestBox($0.algorithm) }
        var offset: Int64 = 0
        meter.move(to: 0)
        while offset < self.object.bytes {
            if Task.isCancelled { throw StorageError(.limit, operation: operation, reason: "cancelled") }
            let length = Int(min(Int64(ConsoleFiles.pieceSize), self.object.bytes - offset))
            let part = try await store.read(self.object.key, offset: offset, length: length)
            guard part.object.isSameVersion(as: self.object) else {
                throw StorageError(
                    .locked, operation: operation, reason: "it was rewritten while it was read; try again")
            }
            guard part.bytes.count == length else {
                throw StorageError(
                    .malformed, operation: operation, reason: "the store gave fewer bytes than it said")
            }
            for stream in streams { stream.update(part.bytes) }
            offset += Int64(length)
            meter.move(to: offset)
        }
        return zip(self.wanted, streams).map { wanted, stream in
            ChecksumVerdict(
                name: wanted.name, stored: self.object.checksums[wanted.name], computed: stream.finish())
        }
    }
}

/// A digest that can stand in an array; it belongs to one reading.
private final class DigestBox {
    private var stream: DigestStream?

    init(_ algorithm: Digest) {
        self.stream = DigestStream(algorithm)
    }

    func update(_ bytes: [UInt8]) { self.stream?.update(bytes[...]) }

    func finish() -> String {
        guard let stream = self.stream.take() else { return "" }
        return Digest.hexadecimal(stream.finish())
    }
}
