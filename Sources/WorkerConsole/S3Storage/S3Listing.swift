import CCurl
import WorkerDomain

/// Reads the responses to ListObjectsV2.
enum S3Listing {
    /// Reads one response.
    /// - Parameters:
    ///   - response: Of any content.
    ///   - request: What was asked for.
    ///   - operation: In the user's words.
    /// - Returns: The page.
    /// - Throws: `StorageError` — `.malformed` for anything that is not a whole listing.
    static func page(
        _ response: HTTPResponse, request: ObjectListRequest, operation: String
    ) throws(StorageError) -> ObjectPage {
        var listing = Fields()
        do {
            try XMLFields.read(response.body) { listing.take($0, $1) }
        } catch {
            throw StorageError(.malformed, operation: operation, reason: S3Failure.notS3(response))
        }
        guard listing.isListing else {
            throw StorageError(.malformed, operation: operation, reason: S3Failure.notS3(response))
        }
        guard !listing.hasBadSize else {
            throw StorageError(.malformed, operation: operation, reason: "a size in the listing is not a number")
        }
        var page = ObjectPage(entries: listing.entries)
        guard listing.isTruncated else { return page }
        guard let token = listing.token, !token.isEmpty else {
            throw StorageError(
                .malformed, operation: operation, reason: "the listing goes on and does not say where")
        }
        // The same place again would be asked for without end.
        if let cursor = request.cursor, cursor.hasSameBytes(as: token) {
            throw StorageError(.malformed, operation: operation, reason: "the listing repeats its cursor")
        }
        page.nextCursor = token
        return page
    }

    /// What has been read of the document.
    private struct Fields {
        var isListing = false
        var isTruncated = false
        var token: String?
        var hasBadSize = false
        private var isEncoded = false
        private var objects: [StoredObject] = []
        private var prefixes: [String] = []
        private var key = ""
        private var bytes: Int64?
        private var etag = ""
        private var time = WallTime(nanosecondsSinceEpoch: 0)
        private var storageClass = ""

        /// Keys and prefixes in one order, which S3 gives in two lists. Keys come encoded: XML has no NUL.
        var entries: [ObjectEntry] {
            var entries: [(order: [UInt8], entry: ObjectEntry)] = self.prefixes.map { prefix in
                let text = self.decoded(prefix)
                return (Array(text.utf8), .prefix(text))
            }
            guard !entries.isEmpty || self.isEncoded else { return self.objects.map { .object($0) } }
            let objects = self.objects.map { object -> (order: [UInt8], entry: ObjectEntry) in
                let decoded = self.isEncoded ? object.renamed(self.decoded(object.key)) : object
                return (Array(decoded.key.utf8), .object(decoded))
            }
            guard !entries.isEmpty else { return objects.map(\.entry) }
            entries += objects
            return entries.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.entry)
        }

        mutating func take(_ path: [String], _ text: String) {
            guard path.first == "ListBucketResult" else { return }
            switch path.count {
            case 1: self.isListing = true
            case 2: self.takeField(path[1], text)
            case 3 where path[1] == "CommonPrefixes" && path[2] == "Prefix": self.prefixes.append(text)
            case 3 where path[1] == "Contents": self.takeContent(path[2], text)
            default: break
            }
        }

        private mutating func takeField(_ name: String, _ text: String) {
            switch name {
            case "IsTruncated": self.isTruncated = text == "true"
            case "NextContinuationToken": self.token = text
            case "EncodingType": self.isEncoded = text == "url"
            case "Contents": self.endContent()
            default: break
            }
        }

        private mutating func takeContent(_ name: String, _ text: String) {
            switch name {
            case "Key": self.key = text
            case "Size": self.bytes = Int64(text)
            case "ETag": self.etag = S3Text.etag(text)
            case "LastModified": self.time = S3Text.time(iso8601: text) ?? self.time
            case "StorageClass": self.storageClass = text
            default: break
            }
        }

        private mutating func endContent() {
            guard let bytes = self.bytes, bytes >= 0 else {
                self.hasBadSize = true
                return
            }
            self.objects.append(
                StoredObject(
                    key: self.key, bytes: bytes, etag: self.etag, version: "", uploadedAt: self.time,
                    checksums: S3Text.checksums(etag: self.etag), storageClass: self.storageClass, hasMetadata: false))
            (self.key, self.bytes, self.etag, self.storageClass) = ("", nil, "", "")
            self.time = WallTime(nanosecondsSinceEpoch: 0)
        }

        private func decoded(_ text: String) -> String {
            self.isEncoded ? PercentEncoding.decode(text, plusIsSpace: true) : text
        }
    }
}

extension StoredObject {
    fileprivate func renamed(_ key: String) -> StoredObject {
        StoredObject(
            key: key, bytes: self.bytes, etag: self.etag, version: self.version, uploadedAt: self.uploadedAt,
            http: self.http, custom: self.custom, checksums: self.checksums, storageClass: self.storageClass,
            hasMetadata: self.hasMetadata)
    }
}

/// Texts of S3's headers and elements.
enum S3Text {
    /// Without the quotation marks.
    static func etag(_ text: String) -> String {
        var text = Substring(text)
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        return String(text)
    }

    /// The MD5 that an etag is, unless the object was uploaded in parts or is encrypted with another key.
    static func checksums(etag: String) -> [String: String] {
        let isDigest =
            etag.utf8.count == 32
            && etag.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
        return isDigest ? ["md5": etag] : [:]
    }

    /// `2026-01-02T03:04:05.678Z`; the fraction may have any number of digits, or be left out.
    static func time(iso8601 text: String) -> WallTime? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T") else { return nil }
        func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day),
            (1970...2261).contains(year), (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        var milliseconds = 0
        if bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20...].dropLast().prefix(3)
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            for place in 0..<3 {
                let digit = place < digits.count ? Int(digits[digits.startIndex + place] - 0x30) : 0
                milliseconds = milliseconds * 10 + digit
            }
        }
        let days = Self.days(year, month, day)
        let seconds = Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        return WallTime(millisecondsSinceEpoch: seconds * 1_000 + Int64(milliseconds))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func time(http text: String) -> WallTime? {
        let time = curl_getdate(text, nil)
        return time < 0 ? nil : WallTime(millisecondsSinceEpoch: Int64(time) * 1_000)
    }

    /// Days since 1970-01-01 (the civil calendar, counted in years that begin in March).
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
