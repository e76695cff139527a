import ConsoleUI
import TerminalCanvas
import TextSafety
import TrafficJournal
import WorkerDomain

/// What the metadata pane says of one entry.
enum BucketsFields {
    static func fields(of item: BucketsItem, content: StoredContent?, in world: World) -> [PaneField] {
        switch item {
        case .prefix(let prefix): [PaneField(BucketsPhrases.prefixNote(world.language), prefix, .strong)]
        case .object(let object): self.fields(of: object, content, world)
        case .name(let entry): self.fields(of: entry, content, world)
        }
    }

    /// What was found out about an entry on request: sums, checksums, links.
    static func found(of item: BucketsItem, _ screen: BucketsScreen, _ world: World) -> [PaneField] {
        let language = world.language
        switch item {
        case .name: return []
        case .prefix(let prefix):
            guard let binding = screen.listing?.binding, let sum = screen.sums.sum(of: prefix, in: binding) else {
                return [PaneField("", BucketsTransferPhrases.sumHint(language), .dim)]
            }
            let mark = sum.isComplete ? "" : "~"
            var fields = [
                PaneField(BucketsTransferPhrases.sumObjects(language), mark + ScreenFormat.count(sum.objects)),
                PaneField(BucketsTransferPhrases.sumBytes(language), mark + self.size(sum.bytes)),
            ]
            if let problem = sum.problem {
                fields.append(PaneField(StoragePhrases.reason(language), language.text(problem.reason), .failure))
            }
            return fields
        case .object(let object):
            var fields: [PaneField] = []
            if let origin = screen.origins.origin(of: object) {
                let phrase = origin.isExact ? UploadPhrases.exact : UploadPhrases.likely
                let text = phrase(
                    language, "\(origin.id.rawValue)", world.redaction.target(origin.method),
                    world.redaction.target(origin.target))
                fields.append(PaneField(UploadPhrases.writtenBy(language), text, origin.isExact ? .strong : .dim))
            }
            fields += screen.verified.verdicts(of: object).map { self.verdict($0, language) }
            if let expiry = screen.links.expiry(of: object.key) {
                fields.append(
                    PaneField(BucketsTransferPhrases.linkUntil(language), ScreenFormat.full(expiry, in: world)))
            }
            return fields
        }
    }

    /// A checksum beside that of the bytes.
    static func verdict(_ verdict: ChecksumVerdict, _ language: Language) -> PaneField {
        guard verdict.stored != nil else {
            return PaneField(verdict.name, BucketsTransferPhrases.computed(language, verdict.computed))
        }
        return verdict.isEqual
            ? PaneField(verdict.name, BucketsTransferPhrases.equal(language), .ok)
            : PaneField(verdict.name, BucketsTransferPhrases.different(language, verdict.computed), .failure)
    }

    /// The same in three lines, what matters first: the key, the facts, the digests and the uploader's own fields.
    static func summary(of item: BucketsItem, in world: World) -> [[Span]] {
        let fields = self.fields(of: item, content: nil, in: world)
        let rest = fields.dropFirst().map { field in
            [Span("\(field.label) ", .dim), Span("\(field.value)  ", field.role)]
        }
        return [[Span(item.key, .strong)], Array(rest.prefix(3).joined()), Array(rest.dropFirst(3).joined())]
    }

    private static func fields(of object: StoredObject, _ content: StoredContent?, _ world: World) -> [PaneField] {
        let language = world.language
        var fields = [
            PaneField(BucketsPhrases.key(language), object.key, .strong),
            PaneField(BucketsPhrases.size(language), self.size(object.bytes)),
        ]
        if let type = object.http.contentType {
            fields.append(PaneField(BucketsPhrases.type(language), type))
        } else {
            fields.append(PaneField(BucketsPhrases.type(language), BucketsPhrases.notDeclared(language), .dim))
        }
        if let content {
            fields.append(
                self.detection(
                    content, declared: object.http.contentType, encoding: object.http.contentEncoding, language))
        }
        fields.append(PaneField(BucketsPhrases.uploaded(language), ScreenFormat.full(object.uploadedAt, in: world)))
        fields.append(PaneField(BucketsPhrases.etag(language), object.etag))
        if let parts = self.parts(of: object.etag) {
            fields.append(PaneField(BucketsPhrases.parts(language), BucketsPhrases.partsCount(language, String(parts))))
        }
        for (name, digest) in object.checksums.sorted(by: { $0.key < $1.key }) {
            fields.append(PaneField(name, digest))
        }
        fields += self.httpFields(of: object.http, world)
        for (name, value) in object.custom {
            fields.append(PaneField("\(BucketsPhrases.custom(language)) \(name)", value, .literal))
        }
        if !object.storageClass.isEmpty {
            fields.append(PaneField(BucketsPhrases.storageClass(language), object.storageClass))
        }
        if !object.version.isEmpty { fields.append(PaneField(BucketsPhrases.version(language), object.version, .dim)) }
        return fields
    }

    private static func httpFields(of http: ObjectHTTPMetadata, _ world: World) -> [PaneField] {
        let language = world.language
        var fields: [PaneField] = []
        if let encoding = http.contentEncoding {
            fields.append(PaneField(BucketsPhrases.encoding(language), encoding))
            if encoding.lowercased().contains("gzip") {
                fields.append(PaneField("", BucketsPhrases.gzipNote(language), .dim))
            }
        }
        let rest = [
            (BucketsPhrases.language, http.contentLanguage), (BucketsPhrases.disposition, http.contentDisposition),
            (BucketsPhrases.cache, http.cacheControl),
        ]
        for case (let label, let value?) in rest { fields.append(PaneField(label(language), value)) }
        if let expiry = http.cacheExpiry {
            fields.append(PaneField(BucketsPhrases.cacheExpiry(language), ScreenFormat.full(expiry, in: world)))
        }
        return fields
    }

    private static func fields(of entry: KeyValueEntry, _ content: StoredContent?, _ world: World) -> [PaneField] {
        let language = world.language
        var fields = [PaneField(BucketsPhrases.key(language), entry.key, .strong)]
        if let content {
            fields.append(PaneField(BucketsPhrases.size(language), self.size(content.total)))
            fields.append(self.detection(content, declared: nil, encoding: nil, language))
        }
        let expiry = entry.expiresAt.map { ScreenFormat.full($0, in: world) } ?? BucketsPhrases.never(language)
        fields.append(PaneField(BucketsPhrases.expires(language), expiry, entry.expiresAt == nil ? .dim : .plain))
        if let metadata = entry.metadata {
            fields.append(PaneField(BucketsPhrases.metadata(language), metadata, .literal))
        }
        return fields
    }

    /// What the bytes are, beside what they were said to be.
    static func detection(
        _ content: StoredContent, declared: String?, encoding: String?, _ language: Language
    ) -> PaneField {
        let label = BucketsPhrases.detected(language)
        let essence = BucketsItem.essence(of: declared ?? "")
        guard let signature = content.signature else {
            guard let encoding = content.encoding, content.total > 0 else {
                return PaneField(label, BucketsPhrases.unknownFormat(language), .dim)
            }
            let name = "\(BucketsPhrases.text(language)) \(encoding)"
            let isBinaryType = ["image/", "audio/", "video/", "font/"].contains { essence.hasPrefix($0) }
            if isBinaryType && essence != "image/svg+xml" || essence == "application/pdf"
                || essence == "application/zip"
            {
                return PaneField(label, "\(name)  \(BucketsPhrases.disagrees(language, essence))", .warning)
            }
            return PaneField(label, name)
        }
        let name = ([signature.name] + signature.facts).joined(separator: " ")
        if declared == nil { return PaneField(label, name) }
        // Bytes of a compressed object say how it is compressed, not what it is.
        let isCompressed = signature.name == "gzip" && (encoding?.lowercased().contains("gzip") ?? false)
        if isCompressed { return PaneField(label, name, .ok) }
        return signature.agrees(with: essence)
            ? PaneField(label, "\(name)  \(BucketsPhrases.agrees(language))", .ok)
            : PaneField(label, "\(name)  \(BucketsPhrases.disagrees(language, essence))", .warning)
    }

    /// `214 kB (214,016 B)`.
    static func size(_ bytes: Int64) -> String {
        bytes < 1_000 ? "\(bytes) B" : "\(ScreenFormat.bytes(bytes))  \(ScreenFormat.count(bytes)) B"
    }

    /// The parts of a multipart object, from its etag.
    static func parts(of etag: String) -> Int? {
        guard let dash = etag.lastIndex(of: "-") else { return nil }
        return Int(etag[etag.index(after: dash)...])
    }
}
