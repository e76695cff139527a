/// Finds where a head ends.
enum HeadEnd {
    /// Returns the index after the empty line that ends a head, or `nil` when it has not come yet.
    ///
    /// An empty line that is made of bare line feeds counts too: the parser then sees the head at once and refuses it.
    /// - Parameters:
    ///   - bytes: What has been received.
    ///   - start: Where the head's first line begins.
    ///   - searched: Bytes that an earlier call has looked at; so a head that dribbles in is searched once, not each time.
    static func find(_ bytes: UnsafeRawBufferPointer, from start: Int, searched: Int) -> Int? {
        var position = max(start, searched - 2)
        while let lineFeed = ASCII.find(ASCII.lineFeed, in: bytes, from: position, to: bytes.count) {
            let next = lineFeed + 1
            if next < bytes.count, bytes[next] == ASCII.lineFeed { return next + 1 }
            if next + 1 < bytes.count, bytes[next] == ASCII.carriageReturn, bytes[next + 1] == ASCII.lineFeed {
                return next + 2
            }
            position = next
        }
        return nil
    }
}
