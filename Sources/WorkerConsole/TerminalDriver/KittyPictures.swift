import TerminalCanvas

/// Pictures by the graphics protocol of kitty: the pixels are sent once, and placed as often as the canvas changes.
struct KittyPictures {
    /// The id in the question, by which the answer is known.
    static let question = 31
    /// Bytes of base64 in one sequence, at most (Graphics protocol, "The transmission medium").
    private static let pieceLimit = 4_096

    /// Asks whether a picture of one pixel would be shown; nothing is.
    static var asking: String { "\u{1B}_Gi=\(self.question),s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\" }

    /// What has been sent, by the numbers that it was given.
    private var sent: [(id: Int, picture: Picture)] = []
    private var next = 1

    /// Everything goes: what is placed, and what was sent.
    static let clearing = Array("\u{1B}_Ga=d,d=A,q=2\u{1B}\\".utf8)

    /// Shows these pictures and no other one.
    mutating func bytes(for places: [PicturePlace]) -> [UInt8] {
        var bytes = Array("\u{1B}_Ga=d,d=a,q=2\u{1B}\\".utf8)
        for (id, picture) in self.sent where !places.contains(where: { $0.shown.picture == picture }) {
            bytes += Array("\u{1B}_Ga=d,d=I,i=\(id),q=2\u{1B}\\".utf8)
        }
        self.sent.removeAll { sent in !places.contains { $0.shown.picture == sent.picture } }
        for place in places {
            let picture = place.shown.picture
            let id: Int
            if let known = self.sent.first(where: { $0.picture == picture }) {
                id = known.id
            } else {
                id = self.next
                self.next += 1
                self.sent.append((id, picture))
                bytes += self.transmission(of: picture, id: id)
            }
            bytes += self.placement(of: place, id: id)
        }
        return bytes
    }

    private func transmission(of picture: Picture, id: Int) -> [UInt8] {
        let text = ClipboardSequence.base64(picture.pixels)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + text.count / 64)
        for start in stride(from: 0, to: text.count, by: Self.pieceLimit) {
            let end = min(start + Self.pieceLimit, text.count)
            let keys = start == 0 ? "a=t,t=d,f=24,i=\(id),s=\(picture.width),v=\(picture.height),q=2," : "q=2,"
            bytes += "\u{1B}_G\(keys)m=\(end < text.count ? 1 : 0);".utf8
            bytes += text[start..<end]
            bytes += "\u{1B}\\".utf8
        }
        return bytes
    }

    private func placement(of place: PicturePlace, id: Int) -> [UInt8] {
        let (shown, rect) = (place.shown, place.rect)
        let top = shown.rows.lowerBound * shown.picture.height / shown.size.rows
        let bottom = shown.rows.upperBound * shown.picture.height / shown.size.rows
        return Array(
            ("\u{1B}[\(rect.row + 1);\(rect.column + 1)H\u{1B}_Ga=p,i=\(id),x=0,y=\(top),w=\(shown.picture.width),"
                + "h=\(max(1, bottom - top)),c=\(rect.columns),r=\(rect.rows),C=1,q=2\u{1B}\\").utf8)
    }
}
