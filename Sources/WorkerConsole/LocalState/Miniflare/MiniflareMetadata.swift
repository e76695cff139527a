import TextSafety
import WorkerDomain

/// The metadata of an object as miniflare stores it: JSON, its names in order.
enum MiniflareMetadata {
    /// The HTTP fields; those without a value are left out.
    static func http(_ http: ObjectHTTPMetadata) -> String {
        let texts = [
            ("contentType", http.contentType), ("contentLanguage", http.contentLanguage),
            ("contentDisposition", http.contentDisposition), ("contentEncoding", http.contentEncoding),
            ("cacheControl", http.cacheControl),
        ]
        var members = texts.compactMap { name, value in value.map { (name, ControlCharacters.json($0)) } }
        // Milliseconds since 1970.
        let expiry = http.cacheExpiry.map { $0.nanosecondsSinceEpoch / 1_000_000 }
        if let expiry { members.append(("cacheExpiry", "\(expiry)")) }
        return self.object(members)
    }

    /// The uploader's own fields.
    static func custom(_ fields: [String: String]) -> String {
        self.object(fields.map { ($0, ControlCharacters.json($1)) })
    }

    private static func object(_ members: [(name: String, json: String)]) -> String {
        let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return "{" + sorted.map { ControlCharacters.json($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
    }
}
