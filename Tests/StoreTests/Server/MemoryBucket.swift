import Digests
import Foundation
import Synchronization

/// A bucket in memory that speaks as much of the S3 API as the store uses; written after S3's own reference.
final class MemoryBucket: Sendable {
    struct Item: Sendable {
        var bytes: [UInt8]
        var headers: [(String, String)] = []
        var etag: String
    }

    private struct State {
        var items: [[UInt8]: Item] = [:]
        var uploads: [String: (key: String, parts: [Int: [UInt8]])] = [:]
    }

    private let state = Mutex(State())
    private let name: String

    init(_ name: String, _ objects: [(key: String, bytes: [UInt8])] = []) {
        self.name = name
        for object in objects { self.put(object.key, object.bytes) }
    }

    subscript(key: String) -> [UInt8]? { self.state.withLock { $0.items[Array(key.utf8)]?.bytes } }

    var uploads: Int { self.state.withLock { $0.uploads.count } }

    func put(_ key: String, _ bytes: [UInt8], headers: [(String, String)] = []) {
        let item = Item(bytes: bytes, headers: headers, etag: Digest.hexadecimal(Digest.md5.hash(bytes)))
        self.state.withLock { $0.items[Array(key.utf8)] = item }
    }

    func handle(_ request: SmallServer.Request) -> SmallServer.Reply {
        guard request.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 ") == true else {
            return Self.error(403, "AccessDenied")
        }
        let path = request.path.utf8.dropFirst()
        guard path.starts(with: self.name.utf8) else { return Self.error(404, "NoSuchBucket") }
        let rest = path.dropFirst(self.name.utf8.count)
        guard rest.first == UInt8(ascii: "/") else {
            if request.query["list-type"] == "2" { return self.list(request.query) }
            if request.query["delete"] != nil { return self.delete(request.body) }
            return Self.error(400, "InvalidRequest")
        }
        let key = String(decoding: rest.dropFirst(), as: UTF8.self)
        switch request.method {
        case "GET", "HEAD": return self.get(key, request.headers["range"])
        case "DELETE":
            if let upload = request.query["uploadId"] {
                self.state.withLock { _ = $0.uploads.removeValue(forKey: upload) }
            } else {
                self.state.withLock { _ = $0.items.removeValue(forKey: Array(key.utf8)) }
            }
            return SmallServer.Reply(status: 204)
        case "PUT": return self.take(key, request)
        case "POST": return self.post(key, request)
        default: return Self.error(405, "MethodNotAllowed")
        }
    }

    private func take(_ key: String, _ request: SmallServer.Request) -> SmallServer.Reply {
        if let upload = request.query["uploadId"], let part = request.query["partNumber"].flatMap({ Int($0) }) {
            self.state.withLock { $0.uploads[upload]?.parts[part] = request.body }
        } else {
            let kept = request.headers.filter { $0.key.hasPrefix("x-amz-meta-") || $0.key.hasPrefix("content-") }
                .filter { $0.key != "content-length" }
            self.put(key, request.body, headers: kept.map { ($0.key, $0.value) })
        }
        return SmallServer.Reply(headers: [("ETag", "\"\(Digest.hexadecimal(Digest.md5.hash(request.body)))\"")])
    }

    private func post(_ key: String, _ request: SmallServer.Request) -> SmallServer.Reply {
        guard let upload = request.query["uploadId"] else {
            let identifier = "upload-\(self.uploads + 1)"
            self.state.withLock { $0.uploads[identifier] = (key, [:]) }
            return .xml(
                "<InitiateMultipartUploadResult><UploadId>\(identifier)</UploadId></InitiateMultipartUploadResult>")
        }
        guard let parts = self.state.withLock({ $0.uploads.removeValue(forKey: upload)?.parts }) else {
            return Self.error(404, "NoSuchUpload")
        }
        let ordered = parts.sorted { $0.key < $1.key }.map(\.value)
        let etag = Digest.hexadecimal(Digest.md5.hash(ordered.flatMap { Digest.md5.hash($0) })) + "-\(ordered.count)"
        self.state.withLock { $0.items[Array(key.utf8)] = Item(bytes: Array(ordered.joined()), etag: etag) }
        return .xml("<CompleteMultipartUploadResult><ETag>&quot;\(etag)&quot;</ETag></CompleteMultipartUploadResult>")
    }

    private func delete(_ body: [UInt8]) -> SmallServer.Reply {
        let text = String(decoding: body, as: UTF8.self)
        for match in text.matches(of: /<Key>(.*?)<\/Key>/) {
            // A reference counts by its bytes, whatever mark combines with its end.
            let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
            let key = references.reduce(String(match.1)) { key, reference in
                key.replacingOccurrences(of: reference.0, with: reference.1, options: .literal)
            }
            self.state.withLock { _ = $0.items.removeValue(forKey: Array(key.utf8)) }
        }
        return .xml("<DeleteResult></DeleteResult>")
    }

    private func get(_ key: String, _ range: String?) -> SmallServer.Reply {
        guard let item = self.state.withLock({ $0.items[Array(key.utf8)] }) else { return Self.error(404, "NoSuchKey") }
        var reply = SmallServer.Reply(headers: [("ETag", "\"\(item.etag)\""), ("Last-Modified", Self.date)])
        reply.headers += item.headers
        guard let range, let match = range.firstMatch(of: /^bytes=(\d+)-(\d+)$/), let first = Int64(match.1),
            let last = Int64(match.2)
        else {
            reply.body = item.bytes
            return reply
        }
        let total = Int64(item.bytes.count)
        guard first < total else { return Self.error(416, "InvalidRange") }
        let end = min(last, total - 1)
        reply.status = 206
        reply.headers.append(("Content-Range", "bytes \(first)-\(end)/\(total)"))
        reply.body = Array(item.bytes[Int(first)...Int(end)])
        return reply
    }

    private func list(_ query: [String: String]) -> SmallServer.Reply {
        let limit = query["max-keys"].flatMap { Int($0) } ?? 1_000
        let prefix = Array((query["prefix"] ?? "").utf8)
        let delimiter = Array((query["delimiter"] ?? "").utf8)
        var after = (query["start-after"]).map { Array($0.utf8) }
        if let token = query["continuation-token"] {
            guard let data = Data(base64Encoded: token) else { return Self.error(400, "InvalidArgument") }
            after = Array(data)
        }
        let items = self.state.withLock { $0.items }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var (contents, prefixes, count, last) = ("", "", 0, [UInt8]())
        var group: [UInt8]?
        var token: String?
        for (key, item) in items where key.starts(with: prefix) {
            if let after, !after.lexicographicallyPrecedes(key) { continue }
            let found = delimiter.isEmpty ? nil : key.dropFirst(prefix.count).firstRange(of: delimiter)
            let shared = found.map { Array(key[..<$0.upperBound]) }
            if let shared, shared == group {
                last = key
                continue
            }
            if count == limit {
                token = Data(last).base64EncodedString()
                break
            }
            count += 1
            last = key
            group = shared
            if let shared {
                prefixes += "<CommonPrefixes><Prefix>\(Self.encoded(shared))</Prefix></CommonPrefixes>"
            } else {
                contents += """
                    <Contents><Key>\(Self.encoded(key))</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>\
                    <ETag>&quot;\(item.etag)&quot;</ETag><Size>\(item.bytes.count)</Size>\
                    <StorageClass>STANDARD</StorageClass></Contents>
                    """
            }
        }
        let next = token.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? ""
        return .xml(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<Name>\(self.name)</Name><EncodingType>url</EncodingType><IsTruncated>\(token != nil)</IsTruncated>"
                + next + contents + prefixes + "</ListBucketResult>")
    }

    static let date = "Fri, 02 Jan 2026 03:04:05 GMT"

    static func error(_ status: Int, _ code: String) -> SmallServer.Reply {
        .xml("<Error><Code>\(code)</Code><Message>said so</Message></Error>", status: status)
    }

    private static func encoded(_ key: [UInt8]) -> String {
        key.map { byte in
            byte == 0x20
                ? "+"
                : (byte > 0x20 && byte < 0x7F && !Array("%+<>&\"'".utf8).contains(byte))
                    ? String(UnicodeScalar(byte)) : String(format: "%%%02X", byte)
        }.joined()
    }
}
