import Digests
package import WorkerDomain

/// Reads a bucket of R2, AWS or another server of the S3 API.
package struct S3BucketStore: ObjectStore {
    /// The most bytes that one call reads.
    package static let largestRead = 64 << 20

    let client: S3Client
    /// The name by which errors speak of it: `r2:UPLOADS_BUCKET`.
    package let name: String

    /// - Parameters:
    ///   - endpoint: Where the bucket is.
    ///   - credentials: What requests are signed with.
    ///   - name: By which errors speak of it.
    package init(_ endpoint: S3Endpoint, credentials: any S3CredentialSource, name: String) {
        self.init(S3Client(endpoint: endpoint, credentials: credentials, transfers: CurlTransfers.shared), name: name)
    }

    init(_ client: S3Client, name: String) {
        self.client = client
        self.name = name
    }

    package func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        let operation = "list \(self.name)/\(request.prefix)"
        guard (1...1_000).contains(request.limit) else {
            throw StorageError(.invalid, operation: operation, reason: "the limit must be 1 to 1,000")
        }
        // A key may hold characters that XML has not.
        var query = [("list-type", "2"), ("encoding-type", "url"), ("max-keys", "\(request.limit)")]
        if !request.prefix.isEmpty { query.append(("prefix", request.prefix)) }
        if let delimiter = request.delimiter, !delimiter.isEmpty { query.append(("delimiter", delimiter)) }
        if let cursor = request.cursor {
            query.append(("continuation-token", cursor))
        } else if let after = request.startAfter, !after.isEmpty {
            query.append(("start-after", after))
        }
        let response = try await self.client.perform(S3Client.Call(query: query), operation)
        return try S3Listing.page(response, request: request, operation: operation)
    }

    package func head(_ key: String) async throws(StorageError) -> StoredObject? {
        let operation = "look at \(self.name)/\(key)"
        // A HEAD of the empty key would be one of the bucket.
        guard !key.isEmpty else { return nil }
        let call = S3Client.Call(method: "HEAD", key: key, expected: [200, 404])
        let response = try await self.client.perform(call, operation)
        guard response.status == 200 else { return nil }
        let length = response.header("content-length").flatMap { Int64($0) }
        return try S3Headers.object(key, response, bytes: length, operation)
    }

    package func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        let operation = "read \(self.name)/\(key)"
        guard offset >= 0, length >= 0 else {
            throw StorageError(.invalid, operation: operation, reason: "offset and length must not be negative")
        }
        guard !key.isEmpty else { throw self.missing(operation) }
        guard length > 0 else { return ObjectPart(object: try await self.existing(key, operation), bytes: []) }
        let wanted = min(length, Self.largestRead)
        let end = offset.addingReportingOverflow(Int64(wanted) - 1)
        let range = "bytes=\(offset)-\(end.overflow ? .max : end.partialValue)"
        let call = S3Client.Call(
            key: key, headers: [("Range", range)], maximumBytes: max(wanted, 64 << 10),
            expected: [200, 206, 404, 416])
        let response = try await self.client.perform(call, operation)
        switch response.status {
        case 404: throw S3Failure.error(of: response, operation: operation)
        // There is nothing behind the end.
        case 416: return ObjectPart(object: try await self.existing(key, operation), bytes: [])
        case 200:
            // The server has no ranges: it sent all of it, which was not more than was asked for.
            let object = try S3Headers.object(key, response, bytes: Int64(response.body.count), operation)
            return ObjectPart(
                object: object, bytes: Array(response.body.dropFirst(Int(clamping: offset)).prefix(wanted)))
        default:
            guard let (first, total) = S3Headers.contentRange(response), first == offset,
                total >= first + Int64(response.body.count)
            else {
                let reason = "the server sent another range than was asked for"
                throw StorageError(.malformed, operation: operation, reason: reason)
            }
            let object = try S3Headers.object(key, response, bytes: total, operation)
            let due = min(Int64(wanted), total - offset)
            guard Int64(response.body.count) == due else {
                throw StorageError(.malformed, operation: operation, reason: "the server sent fewer bytes than it said")
            }
            guard wanted == length || due < Int64(wanted) else {
                throw StorageError(
                    .limit, operation: operation, reason: "one read is at most \(Self.largestRead) bytes")
            }
            return ObjectPart(object: object, bytes: response.body)
        }
    }

    /// The first page: what lies behind it is not asked for, as that takes a request for every thousand objects.
    package func usage() async throws(StorageError) -> BucketUsage {
        let page = try await self.list(ObjectListRequest())
        var bytes: Int64 = 0
        for case .object(let object) in page.entries {
            bytes = bytes.addingReportingOverflow(object.bytes).partialValue
        }
        return BucketUsage(objects: page.entries.count, bytes: bytes, isComplete: page.nextCursor == nil)
    }

    private func existing(_ key: String, _ operation: String) async throws(StorageError) -> StoredObject {
        guard let object = try await self.head(key) else { throw self.missing(operation) }
        return object
    }

    private func missing(_ operation: String) -> StorageError {
        StorageError(.notFound, operation: operation, reason: "no such object")
    }
}

extension S3BucketStore: ObjectSharing {
    package func presignedURL(
        of key: String, method: String, lifetime: Duration
    ) async throws(StorageError) -> String {
        let operation = "presign \(self.name)/\(key)"
        let seconds = lifetime.components.seconds
        guard (1...604_800).contains(seconds) else {
            throw StorageError(.invalid, operation: operation, reason: "the lifetime must be 1 second to 7 days")
        }
        guard ["GET", "HEAD", "PUT", "DELETE"].contains(method) else {
            throw StorageError(.invalid, operation: operation, reason: "the method must be GET, HEAD, PUT or DELETE")
        }
        return try await self.client.presigned(method: method, key: key, seconds: Int(seconds), operation)
    }
}

/// Reads an object's metadata from the headers of a response.
enum S3Headers {
    private static let custom = "x-amz-meta-"

    static func object(
        _ key: String, _ response: HTTPResponse, bytes: Int64?, _ operation: String
    ) throws(StorageError) -> StoredObject {
        guard let bytes, bytes >= 0 else {
            throw StorageError(
                .malformed, operation: operation, reason: "the server does not say how long the object is")
        }
        var http = ObjectHTTPMetadata(contentType: response.header("content-type"))
        http.contentLanguage = response.header("content-language")
        http.contentDisposition = response.header("content-disposition")
        http.contentEncoding = response.header("content-encoding")
        http.cacheControl = response.header("cache-control")
        http.cacheExpiry = response.header("expires").flatMap { S3Text.time(http: $0) }
        let etag = S3Text.etag(response.header("etag") ?? "")
        var checksums = S3Text.checksums(etag: etag)
        for (name, header) in [("sha1", "x-amz-checksum-sha1"), ("sha256", "x-amz-checksum-sha256")] {
            guard let value = response.header(header), let digest = Self.digits(value) else { continue }
            checksums[name] = digest
        }
        let fields = response.headers.filter { $0.name.hasPrefix(Self.custom) }
            .map { (key: String($0.name.dropFirst(Self.custom.utf8.count)), value: $0.value) }
        return StoredObject(
            key: key, bytes: bytes, etag: etag, version: "",
            uploadedAt: response.header("last-modified").flatMap { S3Text.time(http: $0) }
                ?? WallTime(nanosecondsSinceEpoch: 0),
            http: http, custom: ObjectFields(fields), checksums: checksums,
            storageClass: response.header("x-amz-storage-class") ?? "")
    }

    /// `bytes 0-4/10`.
    static func contentRange(_ response: HTTPResponse) -> (first: Int64, total: Int64)? {
        guard let value = response.header("content-range"), value.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = value.dropFirst(6).split(separator: "/")
        guard parts.count == 2, let total = Int64(parts[1]), let first = parts[0].split(separator: "-").first,
            let start = Int64(first), start >= 0
        else { return nil }
        return (start, total)
    }

    /// The digits of a digest that is given in base64, maybe without padding; a composite one (`…-2`) is of something
    /// else.
    private static func digits(_ text: String) -> String? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Base64.bytes(text + padding).flatMap { $0.isEmpty ? nil : Digest.hexadecimal($0) }
    }
}
