import WorkerDomain

/// Buckets as the worker of the résumé site has them.
enum BucketsSample {
    static func object(
        _ key: String, _ bytes: [UInt8], type: String? = nil, encoding: String? = nil,
        etag: String = "5f3a9c0e1142d7a0",
        secondsAgo: Int64 = 60, custom: [String: String] = [:], size: Int64? = nil
    ) -> (StoredObject, [UInt8]) {
        var http = ObjectHTTPMetadata(contentType: type)
        http.contentEncoding = encoding
        let object = StoredObject(
            key: key, bytes: size ?? Int64(bytes.count), etag: etag, version: "v1",
            uploadedAt: BackendsSample.time(secondsAgo), http: http, custom: ObjectFields(custom),
            checksums: ["md5": "d41d8cd98f00b204e9800998ecf8427e"])
        return (object, bytes)
    }

    static let json = Array(
        #"{"schema":3,"owner":"u_88","items":[{"key":"照片/a.png","bytes":219136}],"big":9007199254740993}"#.utf8)
    /// Signature, IHDR of 512×384 at 8 bits, and no more.
    static let png: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 2, 0, 0, 0, 1, 0x80,
        8,
        6, 0, 0, 0,
    ]
    static let pdf = Array("%PDF-1.7\n%âãÏÓ\n1 0 obj\n".utf8)

    static let store = MemoryObjectStore([
        object("2025/一月/报告.txt", Array("你好\n".utf8), type: "text/plain; charset=utf-8", secondsAgo: 90_000),
        object("2025/photo.png", png, type: "image/jpeg", secondsAgo: 4_000),
        object("empty.bin", []),
        object("manifest.json", json, type: "application/json", secondsAgo: 30, custom: ["x-owner": "u_88"]),
        object("notes.md", Array("# Notes\n\n- one\n- two\n".utf8), type: "text/markdown", secondsAgo: 8_000),
        object(
            "archive.tar", Array(repeating: 7, count: 3_000), etag: "9c1e77aa-3", secondsAgo: 900_000_00, size: 3_000),
        object("\(CanvasReading.hostileText).txt", Array("x".utf8), type: CanvasReading.hostileText),
        object("张三-简历.pdf", pdf, type: "application/pdf", secondsAgo: 12),
    ])

    static let namespace = MemoryNamespace(entries: [
        (KeyValueEntry(key: "flags", expiresAt: nil, metadata: #"{"by":"alice"}"#), Array(#"{"beta":true}"#.utf8)),
        (KeyValueEntry(key: "会话:42", expiresAt: BackendsSample.time(-600), metadata: nil), Array("tok".utf8)),
    ])

    static func resources(
        _ store: MemoryObjectStore = Self.store, changes: (any ChangeSource)? = nil
    ) -> [BoundResource] {
        [
            BoundResource(
                binding: Binding(name: "UPLOADS_BUCKET", kind: .r2, resource: "resume-uploads"), reader: .bucket(store),
                place: ".wrangler/state/v3/r2", changes: changes),
            BoundResource(
                binding: Binding(name: "EXPORTS_BUCKET", kind: .r2, resource: "resume-exports"),
                reader: .bucket(MemoryObjectStore([])), place: ".wrangler/state/v3/r2"),
            BoundResource(
                binding: Binding(name: "CACHE", kind: .kv), reader: .namespace(Self.namespace),
                place: ".wrangler/state/v3/kv"),
        ]
    }
}
