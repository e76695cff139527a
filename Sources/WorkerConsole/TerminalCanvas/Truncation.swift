/// Shortens text to a number of cells; the work is bounded by the cells asked for, not by the text's length.
package enum Truncation {
    /// The text when it fits, else its beginning and an ellipsis.
    package static func end(
        _ text: some StringProtocol, columns: Int, ellipsis: String = GlyphSet.unicode.glyphs.ellipsis
    ) -> String {
        self.beginning(of: text, columns: columns, ellipsis: ellipsis)
    }

    /// The same for what nearly all texts are: other modules cannot specialize the one above.
    package static func end(
        _ text: String, columns: Int, ellipsis: String = GlyphSet.unicode.glyphs.ellipsis
    ) -> String {
        self.beginning(of: text, columns: columns, ellipsis: ellipsis)
    }

    private static func beginning(of text: some StringProtocol, columns: Int, ellipsis: String) -> String {
        guard columns > 0 else { return "" }
        let plain: String?? = text.utf8.withContiguousStorageIfAvailable { bytes in
            guard Sanitizer.isPlain(bytes, limit: columns) else { return nil }
            return bytes.count <= columns
                ? String(text) : String(decoding: bytes[..<(columns - 1)], as: UTF8.self) + ellipsis
        }
        if let short = plain ?? nil { return short }
        var kept = ""
        var used = 0
        var lengthAtLimit = 0
        var fits = true
        Sanitizer.forEachCluster(of: text) { cluster in
            if used + cluster.columns > columns {
                fits = false
                return false
            }
            cluster.grapheme.append(to: &kept)
            used += cluster.columns
            if used <= columns - 1 { lengthAtLimit = kept.utf8.count }
            return true
        }
        return fits ? kept : kept[..<kept.utf8.index(kept.startIndex, offsetBy: lengthAtLimit)] + ellipsis
    }

    /// The text when it fits, else its beginning, an ellipsis and its end: for keys and paths.
    ///
    /// The end gets at least as many cells as the beginning: that is where names differ.
    package static func middle(
        _ text: some StringProtocol, columns: Int, ellipsis: String = GlyphSet.unicode.glyphs.ellipsis
    ) -> String {
        guard columns > 0 else { return "" }
        var head: [Sanitizer.Cluster] = []
        var used = 0
        let fits = Sanitizer.forEachCluster(of: text) { cluster in
            if used + cluster.columns > columns { return false }
            head.append(cluster)
            used += cluster.columns
            return true
        }
        if fits { return head.reduce(into: "") { $1.grapheme.append(to: &$0) } }
        guard columns >= 3 else { return self.end(text, columns: columns, ellipsis: ellipsis) }
        let headColumns = (columns - 1) / 2
        var result = ""
        used = 0
        for cluster in head {
            if used + cluster.columns > headColumns { break }
            cluster.grapheme.append(to: &result)
            used += cluster.columns
        }
        var tail: [String] = []
        var left = columns - 1 - used
        for character in text.reversed() {
            let clusters = Sanitizer.clusters(of: String(character))
            let width = clusters.reduce(0) { $0 + $1.columns }
            if width > left { break }
            left -= width
            tail.append(clusters.reduce(into: "") { $1.grapheme.append(to: &$0) })
            if left == 0 { break }
        }
        return result + ellipsis + tail.reversed().joined()
    }
}
