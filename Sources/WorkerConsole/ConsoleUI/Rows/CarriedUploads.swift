import ContentViews
import TrafficJournal
package import WorkerDomain

/// Uploads that the proxy has carried, held against stored objects: by their bytes, or only by time and size.
package enum CarriedUploads {
    /// The exchange that has written an object.
    package struct Origin: Sendable, Equatable {
        package let id: ExchangeID
        package let method: String
        package let target: String
        /// The body, or a part of it, has the object's MD5; else only time and size agree.
        package let isExact: Bool
    }

    /// Bytes of bodies that are digested for one object.
    private static let largestDigest = 64 << 20
    /// What a form adds around a file, at most.
    private static let formBytes = 65_536
    /// How far the clocks of proxy and store may be apart, in nanoseconds.
    private static let tolerance: Int64 = 2_000_000_000

    /// A request that may write: its body is kept whole, and it has ended.
    static func isUpload(_ exchange: Exchange) -> Bool {
        !exchange.isInFlight && !exchange.requestBody.bytes.isEmpty && exchange.requestBody.omittedBytes == 0
            && self.writes(exchange)
    }

    private static func writes(_ exchange: Exchange) -> Bool { ["PUT", "POST"].contains(exchange.method) }

    /// The body as a whole, and the parts of a form.
    static func pieces(of exchange: Exchange) -> [ArraySlice<UInt8>] {
        let body = exchange.requestBody.bytes[...]
        let type = MessageHead.value(of: "content-type", in: exchange.requestHead)
        guard let type, let boundary = MediaType.parameter("boundary", of: type), !boundary.isEmpty else {
            return [body]
        }
        let delimiter = Array("--\(boundary)".utf8)
        let lines = Array("\r\n".utf8)
        var pieces = [body]
        var starts: [Int] = []
        var place = 0
        while starts.count < 1_000, let start = body[place...].firstRange(of: delimiter)?.lowerBound {
            starts.append(start)
            place = start + delimiter.count
        }
        for (start, end) in zip(starts, starts.dropFirst()) {
            // A part ends with the line break before the next delimiter; its fields end with an empty line.
            guard end >= 2, body[(end - 2)..<end].elementsEqual(lines),
                let blank = body[start..<end].firstRange(of: lines + lines)?.lowerBound, blank + 4 <= end - 2
            else { continue }
            pieces.append(body[(blank + 4)..<(end - 2)])
        }
        return pieces
    }

    /// The MD5 of an object's bytes, as far as its store tells it.
    static func md5(of object: StoredObject) -> String? {
        if let md5 = object.checksums["md5"] { return md5.lowercased() }
        let isDigest =
            object.etag.utf8.count == 32
            && object.etag.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
            }
        return isDigest ? object.etag.lowercased() : nil
    }

    /// The newest exchange that has written an object: one with the same bytes, else one that fits by time and size.
    /// - Parameters:
    ///   - object: What is stored.
    ///   - exchanges: Those that are kept, oldest first.
    ///   - md5: Digests bytes.
    /// - Returns: `nil` when none fits.
    package static func origin(
        of object: StoredObject, in exchanges: [Exchange], md5: ([UInt8]) -> String
    ) -> Origin? {
        let stored = object.uploadedAt.nanosecondsSinceEpoch
        let wanted = self.md5(of: object)
        var likely: Exchange?
        var digested = 0
        for exchange in exchanges.reversed() where self.writes(exchange) && !exchange.isInFlight {
            let total = Int64(exchange.requestBody.totalBytes)
            guard total >= object.bytes, exchange.startedAt.nanosecondsSinceEpoch <= stored + self.tolerance else {
                continue
            }
            if let wanted, object.bytes > 0, self.isUpload(exchange) {
                for piece in self.pieces(of: exchange) where piece.count == Int(object.bytes) {
                    digested += piece.count
                    guard digested <= self.largestDigest else { break }
                    if md5(Array(piece)).hasSameBytes(as: wanted) { return self.origin(exchange, isExact: true) }
                }
            }
            let end = exchange.startedAt.nanosecondsSinceEpoch + max(0, exchange.timers.totalNanoseconds)
            // A whole body that is not the object is not likely to have been it.
            let isOther = wanted != nil && self.isUpload(exchange) && total == object.bytes
            if likely == nil, !isOther, total <= object.bytes + Int64(self.formBytes), stored <= end + self.tolerance {
                likely = exchange
            }
        }
        return likely.map { self.origin($0, isExact: false) }
    }

    private static func origin(_ exchange: Exchange, isExact: Bool) -> Origin {
        let line = exchange.requestLine
        return Origin(id: exchange.id, method: line.method, target: line.target, isExact: isExact)
    }
}
