import Digests
import WorkerDomain

/// Where a listing goes on: the last key of the page before, in base64 as miniflare writes it.
enum KeyCursor {
    static func encode(_ key: [UInt8]) -> String {
        Base64.text(key)
    }

    static func decode(_ cursor: String, operation: String) throws(StorageError) -> [UInt8] {
        guard cursor.utf8.count <= 8_192, let key = Base64.bytes(cursor) else {
            throw StorageError(.invalid, operation: operation, reason: "the cursor is not one of this store")
        }
        return key
    }

    /// The later of two bounds in byte order; `nil` is before everything.
    static func later(_ left: [UInt8]?, _ right: [UInt8]?) -> [UInt8]? {
        guard let left else { return right }
        guard let right else { return left }
        return left.lexicographicallyPrecedes(right) ? right : left
    }

    /// The first bytes behind everything that starts with `prefix`; `nil` when there are none.
    static func end(of prefix: [UInt8]) -> [UInt8]? {
        var bytes = prefix
        while let last = bytes.last {
            if last < 0xff {
                bytes[bytes.count - 1] = last + 1
                return bytes
            }
            bytes.removeLast()
        }
        return nil
    }
}
