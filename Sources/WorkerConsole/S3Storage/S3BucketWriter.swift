package import WorkerDomain

/// Changes the objects of a bucket over the S3 API.
package struct S3BucketWriter: ObjectWriter {
    let store: S3BucketStore
    var client: S3Client { self.store.client }
    /// Larger objects are uploaded in parts of this size or more; all have one size but the last, as R2 asks.
    private let partSize: Int
    /// The most parts that an upload may have.
    private static let parts: Int64 = 10_000

    package init(_ store: S3BucketStore) { self.init(store, partSize: 8 << 20) }

    init(_ store: S3BucketStore, partSize: Int) {
        self.store = store
        self.partSize = partSize
    }

    package func put(
        _ upload: ObjectUpload, progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) -> StoredObject {
        let operation = "put \(self.store.name)/\(upload.key)"
        guard (1...1_024).contains(upload.key.utf8.count) else {
            throw StorageError(.invalid, operation: operation, reason: "a key has 1 to 1,024 bytes")
        }
        if upload.source.count <= Int64(self.partSize) {
            let source = upload.source
            let body = try await Self.read(source, 0, Int(source.count))
            let headers = try Self.headers(of: upload, operation)
            let call = S3Client.Call(method: "PUT", key: upload.key, headers: headers, body: body, sent: progress)
            _ = try await self.client.perform(call, operation)
            progress(source.count)
        } else {
            try await self.putParts(upload, operation, progress)
        }
        guard let object = try await self.store.head(upload.key), object.bytes == upload.source.count else {
            throw StorageError(.malformed, operation: operation, reason: "the server has stored something else")
        }
        return object
    }

    private func putParts(
        _ upload: ObjectUpload, _ operation: String, _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws(StorageError) {
        let count = upload.source.count
        let needed = (count + Self.parts - 1) / Self.parts
        // A whole number of MiB, so that the last part is the only one of another size.
        let size = max(Int64(self.partSize), (needed + (1 << 20) - 1) / (1 << 20) * (1 << 20))
        let begin = S3Client.Call(
            method: "POST", key: upload.key, query: [("uploads", "")],
            headers: try Self.headers(of: upload, operation), body: [])
        let identifier = try Self.field(
            "UploadId", of: try await self.client.perform(begin, operation), in: "InitiateMultipartUploadResult",
            operation)
        do throws(StorageError) {
            var etags: [String] = []
            var offset: Int64 = 0
            while offset < count {
                let length = Int(min(size, count - offset))
                let body = try await Self.read(upload.source, offset, length)
                let start = offset
                let call = S3Client.Call(
                    method: "PUT", key: upload.key,
                    query: [("partNumber", "\(etags.count + 1)"), ("uploadId", identifier)], body: body,
                    sent: { progress(start + $0) })
                let response = try await self.client.perform(call, operation)
                guard let etag = response.header("etag") else {
                    throw StorageError(.malformed, operation: operation, reason: "the server gave a part no etag")
                }
                etags.append(etag)
                offset += Int64(length)
                progress(offset)
                if Task.isCancelled { throw StorageError(.limit, operation: operation, reason: "cancelled") }
            }
            try await self.complete(upload.key, identifier, etags, operation)
        } catch {
            // What was stored of it would be paid for until somebody removes it.
            let abort = S3Client.Call(
                method: "DELETE", key: upload.key, query: [("uploadId", identifier)], expected: [200, 204, 404])
            let client = self.client
            _ = await Task { try? await client.perform(abort, operation) }.value
            throw error
        }
    }

    private func complete(
        _ key: String, _ identifier: String, _ etags: [String], _ operation: String
    ) async throws(StorageError) {
        let parts = etags.enumerated().map { index, etag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(Self.escaped(etag))</ETag></Part>"
        }
        let body = "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
        let call = S3Client.Call(
            method: "POST", key: key, query: [("uploadId", identifier)], headers: [("Content-Type", "application/xml")],
            body: Array(body.utf8))
        let response = try await self.client.perform(call, operation)
        // The status is sent before the work is done: an error may come in the body.
        _ = try Self.field("ETag", of: response, in: "CompleteMultipartUploadResult", operation)
    }

    // MARK: - Parts of requests

    private static func headers(
        of upload: ObjectUpload, _ operation: String
    ) throws(StorageError) -> [(name: String, value: String)] {
        let http = upload.http
        let named: [(String, String?)] = [
            ("Content-Type", http.contentType ?? "application/octet-stream"),
            ("Content-Language", http.contentLanguage),
            ("Content-Disposition", http.contentDisposition), ("Content-Encoding", http.contentEncoding),
            ("Cache-Control", http.cacheControl),
        ]
        var headers = named.compactMap { name, value in value.map { (name: name, value: $0) } }
        for (name, value) in upload.custom { headers.append(("x-amz-meta-\(name)", value)) }
        for header in headers {
            let isToken = header.name.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && !":\"(),/;<=>?@[\\]{}".utf8.contains($0)
            }
            let isPlain = header.value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            guard isToken, isPlain else {
                let reason = "the metadata \"\(header.name)\" cannot go into a header: it must be ASCII"
                throw StorageError(.invalid, operation: operation, reason: reason)
            }
        }
        return headers
    }

    /// The text of one element of the document's own.
    private static func field(
        _ name: String, of response: HTTPResponse, in root: String, _ operation: String
    ) throws(StorageError) -> String {
        var value: String?
        var isError = false
        do {
            try XMLFields.read(response.body) { path, text in
                if path == [root, name] { value = text }
                if path == ["Error"] { isError = true }
            }
        } catch {
            throw StorageError(.malformed, operation: operation, reason: S3Failure.notS3(response))
        }
        if isError {
            var failed = response
            failed.status = 500
            throw S3Failure.error(of: failed, operation: operation)
        }
        guard let value, !value.isEmpty else {
            throw StorageError(.malformed, operation: operation, reason: S3Failure.notS3(response))
        }
        return value
    }

    private static func read(
        _ source: any UploadSource, _ offset: Int64, _ length: Int
    ) async throws(StorageError) -> [UInt8] {
        try await SourceReading.run { () throws(StorageError) in try source.read(at: offset, length: length) }.get()
    }

    /// True for what XML 1.0 can hold.
    static func isInXML(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        }
    }

    static func escaped(_ text: String) -> String {
        text.replacing(bytes: [
            UInt8(ascii: "&"): "&amp;", UInt8(ascii: "<"): "&lt;", UInt8(ascii: ">"): "&gt;",
            UInt8(ascii: "\""): "&quot;",
        ])
    }
}
