import Digests
package import WorkerDomain

extension S3BucketWriter {
    /// How an object is named in a request that deletes it.
    private struct Named: Sendable {
        let key: String
        /// Deleted only with this etag; `nil` for any.
        var etag: String?
    }

    /// Versions that are read one by one; those of more objects come from a listing.
    private static let heads = 16

    package func delete(_ keys: [String]) async throws(StorageError) -> [ObjectRefusal] {
        try await self.delete(keys.map { Named(key: $0) })
    }

    package func delete(unchanged objects: [StoredObject]) async throws(StorageError) -> [ObjectRefusal] {
        var refusals: [ObjectRefusal] = []
        var named: [Named] = []
        let found = try await self.versions(of: objects)
        for object in objects {
            // What is gone is deleted.
            guard let now = found[ByteString(object.key)] else { continue }
            if now.etag.hasSameBytes(as: object.etag), now.bytes == object.bytes {
                named.append(Named(key: object.key, etag: object.etag.isEmpty ? nil : object.etag))
            } else {
                refusals.append(ObjectRefusal(key: object.key, reason: ObjectRefusal.rewritten))
            }
        }
        return refusals + (try await self.delete(named))
    }

    // MARK: - Versions

    /// The objects as they are now; those that are gone are missing.
    private func versions(of objects: [StoredObject]) async throws(StorageError) -> [ByteString: StoredObject] {
        var found: [ByteString: StoredObject] = [:]
        var rest = objects.map { ByteString($0.key) }.sorted()[...]
        // A page of a listing tells a thousand versions in one request. It begins a little before the first key, as a
        // listing begins behind what is named; keys that are between cost room on the page, so pages are counted.
        var pages = 1 + objects.count / 250
        while rest.count > Self.heads, pages > 0, let first = rest.first {
            pages -= 1
            let before = String(first.text.dropLast())
            let page = try await self.store.list(ObjectListRequest(startAfter: before))
            for case .object(let object) in page.entries { found[ByteString(object.key)] = object }
            guard page.nextCursor != nil, case .object(let last)? = page.entries.last else { break }
            let end = ByteString(last.key)
            guard first <= end else { break }
            rest = rest.drop { $0 <= end }
        }
        for object in objects where found[ByteString(object.key)] == nil {
            found[ByteString(object.key)] = try await self.version(of: object.key)
        }
        return found
    }

    /// By HEAD, which needs the right to read; by a listing, whose right is another, where that is refused.
    private func version(of key: String) async throws(StorageError) -> StoredObject? {
        do throws(StorageError) {
            return try await self.store.head(key)
        } catch {
            guard error.code == .denied else { throw error }
            let page = try await self.store.list(ObjectListRequest(prefix: key, limit: 1))
            // Keys are in order, so the one that is the whole prefix comes first.
            guard case .object(let object)? = page.entries.first, object.key.hasSameBytes(as: key) else { return nil }
            return object
        }
    }

    // MARK: - Requests

    private func delete(_ objects: [Named]) async throws(StorageError) -> [ObjectRefusal] {
        let operation = "delete from \(self.store.name)"
        guard !objects.isEmpty else { return [] }
        guard objects.count <= 1_000 else {
            throw StorageError(.invalid, operation: operation, reason: "at most 1,000 keys are deleted at a time")
        }
        // XML cannot name keys with control characters: these are deleted one by one. So is a single object, whose
        // condition every server gets to see.
        var refusals: [ObjectRefusal] = []
        var others: [Named] = []
        for object in objects {
            if Self.isInXML(object.key), objects.count > 1 || object.etag == nil {
                others.append(object)
            } else if let reason = await self.deleteOne(object, operation) {
                refusals.append(ObjectRefusal(key: object.key, reason: reason))
            }
        }
        guard !others.isEmpty else { return refusals }
        return refusals + (try await self.deleteMany(others, operation))
    }

    /// - Returns: Why it was not deleted.
    private func deleteOne(_ object: Named, _ operation: String) async -> String? {
        // Sent again after a lost response, the request finds no such key: that is deleted.
        var call = S3Client.Call(method: "DELETE", key: object.key, expected: [200, 204, 404, 412, 501])
        if let etag = object.etag { call.headers = [("If-Match", "\"\(etag)\"")] }
        do throws(StorageError) {
            let response = try await self.client.perform(call, operation)
            switch response.status {
            case 412: return ObjectRefusal.rewritten
            case 501 where object.etag != nil:
                // The server knows no conditional deletes; what it has was compared a moment ago.
                call.headers = []
                call.expected = [200, 204, 404]
                _ = try await self.client.perform(call, operation)
                return nil
            case 501: return S3Failure.error(of: response, operation: operation).reason
            default: return nil
            }
        } catch {
            return error.reason
        }
    }

    private func deleteMany(_ named: [Named], _ operation: String) async throws(StorageError) -> [ObjectRefusal] {
        // Only AWS documents a condition for each object of this request; others may refuse what they do not know.
        let hasConditions = self.client.endpoint.isAWS
        let objects = named.map { object in
            let etag = hasConditions ? object.etag.map { "<ETag>\(Self.escaped($0))</ETag>" } ?? "" : ""
            return "<Object><Key>\(Self.escaped(object.key))</Key>\(etag)</Object>"
        }
        let body = Array("<Delete>\(objects.joined())<Quiet>true</Quiet></Delete>".utf8)
        let digest = Base64.text(Digest.md5.hash(body))
        let call = S3Client.Call(
            method: "POST", query: [("delete", "")],
            headers: [("Content-MD5", digest), ("Content-Type", "application/xml")], body: body)
        let response = try await self.client.perform(call, operation)
        var refusals: [ObjectRefusal] = []
        var (key, code, message, isResult) = ("", "", "", false)
        do {
            try XMLFields.read(response.body) { path, text in
                switch path {
                case ["DeleteResult"]: isResult = true
                case ["DeleteResult", "Error", "Key"]: key = text
                case ["DeleteResult", "Error", "Code"]: code = text
                case ["DeleteResult", "Error", "Message"]: message = text
                case ["DeleteResult", "Error"]:
                    if let reason = Self.reason(code, message) {
                        refusals.append(ObjectRefusal(key: key, reason: reason))
                    }
                    (key, code, message) = ("", "", "")
                default: break
                }
            }
        } catch {
            throw StorageError(.malformed, operation: operation, reason: S3Failure.notS3(response))
        }
        guard isResult else {
            throw StorageError(.malformed, operation: operation, reason: S3Failure.notS3(response))
        }
        return refusals
    }

    /// Why a key was not deleted; `nil` for one that was not there, as a condition makes that an error.
    private static func reason(_ code: String, _ message: String) -> String? {
        switch code {
        case "PreconditionFailed": ObjectRefusal.rewritten
        case "NoSuchKey": nil
        default: message.isEmpty ? code : "\(code): \(message)"
        }
    }
}
