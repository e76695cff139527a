import TextSafety
package import WorkerDomain

/// Objects as lines: JSON with the field names of the R2 binding's R2Object, or columns for a person.
package enum ObjectText {
    /// `{"key":…}` and a line feed.
    package static func json(_ entry: ObjectEntry, to line: inout JSONLine) {
        switch entry {
        case .prefix(let prefix):
            line.begin()
            line.member("prefix", prefix)
            line.end(isLine: true)
        case .object(let object): self.json(object, to: &line)
        }
    }

    /// What the store does not tell is left out, and not made up.
    package static func json(_ object: StoredObject, to line: inout JSONLine) {
        line.begin()
        line.member("key", object.key)
        if !object.version.isEmpty { line.member("version", object.version) }
        line.member("size", object.bytes)
        line.member("etag", object.etag)
        line.member("httpEtag", "\"\(object.etag)\"")
        line.member("uploaded", object.uploadedAt.rfc3339)
        if object.hasMetadata {
            line.begin("httpMetadata")
            let http = object.http
            if let value = http.contentType { line.member("contentType", value) }
            if let value = http.contentLanguage { line.member("contentLanguage", value) }
            if let value = http.contentDisposition { line.member("contentDisposition", value) }
            if let value = http.contentEncoding { line.member("contentEncoding", value) }
            if let value = http.cacheControl { line.member("cacheControl", value) }
            if let value = http.cacheExpiry { line.member("cacheExpiry", value.rfc3339) }
            line.end()
            line.begin("customMetadata")
            for (name, value) in object.custom { line.member(named: name, value) }
            line.end()
        }
        line.member("storageClass", object.storageClass)
        line.begin("checksums")
        for (name, value) in object.checksums.sorted(by: { $0.key < $1.key }) { line.member(named: name, value) }
        line.end()
        line.end(isLine: true)
    }

    /// Time, size and key in columns; a prefix has neither time nor size.
    package static func line(_ entry: ObjectEntry) -> String {
        switch entry {
        case .prefix(let prefix):
            "\(String(repeating: " ", count: 24))  \(self.right("PRE", 15))  \(self.key(prefix))\n"
        case .object(let object):
            "\(object.uploadedAt.rfc3339)  \(self.right(String(object.bytes), 15))  \(self.key(object.key))\n"
        }
    }

    /// Every field on a line of its own.
    package static func details(_ object: StoredObject, language: Language) -> String {
        var rows: [(Phrase, String)] = [
            (Phrase("key", "键"), object.key), (Phrase("size", "大小"), String(object.bytes)),
            (Phrase("etag", "etag"), object.etag), (Phrase("uploaded", "上传时间"), object.uploadedAt.rfc3339),
        ]
        if !object.version.isEmpty { rows.append((Phrase("version", "版本"), object.version)) }
        if !object.storageClass.isEmpty { rows.append((Phrase("class", "存储类别"), object.storageClass)) }
        let http = object.http
        let named: [(Phrase, String?)] = [
            (Phrase("type", "类型"), http.contentType), (Phrase("language", "语言"), http.contentLanguage),
            (Phrase("disposition", "下载方式"), http.contentDisposition),
            (Phrase("encoding", "编码"), http.contentEncoding), (Phrase("cache", "缓存"), http.cacheControl),
            (Phrase("cache until", "缓存至"), http.cacheExpiry?.rfc3339),
        ]
        for (name, value) in named { if let value { rows.append((name, value)) } }
        var lines = rows.map { (name: $0.0(language), value: $0.1) }
        for (name, value) in object.checksums.sorted(by: { $0.key < $1.key }) { lines.append((name, value)) }
        for (name, value) in object.custom { lines.append(("x-amz-meta-\(name)", value)) }
        return lines.map { "\(WrappedText.padded(self.key($0.name), to: 12)) \(self.key($0.value))\n" }.joined()
    }

    /// As it is, unless it would steer a terminal or end the line: then as a word of a shell.
    package static func key(_ text: String) -> String {
        ControlCharacters.areIn(text) ? ControlCharacters.shellWord(text) : text
    }

    package static func right(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - text.utf8.count)) + text
    }
}
