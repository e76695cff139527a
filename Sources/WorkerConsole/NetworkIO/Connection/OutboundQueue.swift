import CLinux

/// Bytes that wait to be sent, in pieces of memory that stay where they are until they have left.
///
/// Small messages share a piece; a turn of the loop sends all pieces with one system call.
struct OutboundQueue: ~Copyable {
    private struct Piece {
        let memory: UnsafeMutableRawBufferPointer
        var start = 0
        var end = 0

        var count: Int { self.end - self.start }
        var room: Int { self.memory.count - self.end }
    }

    /// Pieces that one call sends at most.
    static let piecesAtOnce = 16

    private var pieces: [Piece] = []
    /// Pieces before this one have left; they are removed in one go, so that a long queue costs no shifting.
    private var first = 0
    /// Bytes that wait.
    private(set) var count = 0
    private let memory: PiecePool

    init(memory: PiecePool) {
        self.memory = memory
    }

    deinit {
        for piece in self.pieces[self.first...] { self.memory.giveBack(piece.memory) }
    }

    var isEmpty: Bool { self.count == 0 }

    /// Lets `body` write up to `capacity` bytes in one piece; it returns how many it wrote.
    @inline(__always)
    mutating func write(atMost capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        if self.pieces.isEmpty || self.pieces[self.pieces.count - 1].room < capacity { self.addPiece(capacity) }
        let last = self.pieces.count - 1
        let piece = self.pieces[last]
        let written = body(UnsafeMutableRawBufferPointer(rebasing: piece.memory[piece.end..<piece.end &+ capacity]))
        precondition(written >= 0 && written <= capacity, "more was written than there was room for")
        self.pieces[last].end += written
        self.count += written
    }

    /// Copies bytes behind what waits already.
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        if !self.pieces.isEmpty, self.pieces[self.pieces.count - 1].room >= bytes.count {
            self.write(atMost: bytes.count) {
                $0.copyMemory(from: bytes)
                return bytes.count
            }
            return
        }
        self.appendInParts(bytes)
    }

    private mutating func appendInParts(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while rest.count > 0 {
            let room = self.pieces.last.map(\.room) ?? 0
            let part = min(rest.count, room > 0 ? room : PiecePool.pieceSize)
            let source = UnsafeRawBufferPointer(rebasing: rest[..<part])
            self.write(atMost: part) {
                $0.copyMemory(from: source)
                return part
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[part...])
        }
    }

    private mutating func addPiece(_ capacity: Int) {
        self.pieces.append(Piece(memory: self.memory.take(capacity)))
    }

    /// Takes away bytes that have left.
    @inline(__always)
    mutating func consume(_ bytes: Int) {
        precondition(bytes <= self.count, "more has left than was there")
        self.count -= bytes
        var rest = bytes
        while self.first < self.pieces.count {
            let available = self.pieces[self.first].count
            if rest < available {
                self.pieces[self.first].start += rest
                return
            }
            rest -= available
            self.memory.giveBack(self.pieces[self.first].memory)
            self.first += 1
        }
        self.pieces.removeAll(keepingCapacity: self.pieces.count <= 4)
        self.first = 0
    }

    /// The waiting bytes as the system takes them: at most ``piecesAtOnce`` pieces, and at most `most` bytes; `tail` comes
    /// behind all of them.
    @inline(__always)
    func withPieces<Result>(
        atMost most: Int = .max, tail: UnsafeRawBufferPointer? = nil,
        _ body: (UnsafeBufferPointer<iovec>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.piecesAtOnce + 1) { list in
            var count = 0
            var room = most
            for piece in self.pieces[self.first...] where count < Self.piecesAtOnce && piece.count > 0 && room > 0 {
                let base = piece.memory.baseAddress.map { $0 + piece.start }
                let length = min(piece.count, room)
                list.initializeElement(at: count, to: iovec(iov_base: base, iov_len: length))
                room -= length
                count += 1
            }
            if let tail, self.pieces.count - self.first <= Self.piecesAtOnce {
                list.initializeElement(
                    at: count,
                    to: iovec(iov_base: UnsafeMutableRawPointer(mutating: tail.baseAddress), iov_len: tail.count))
                count += 1
            }
            return body(UnsafeBufferPointer(rebasing: list[..<count]))
        }
    }

    /// The first waiting bytes that lie together.
    func withFirstPiece<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard self.first < self.pieces.count else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let piece = self.pieces[self.first]
        return body(UnsafeRawBufferPointer(rebasing: piece.memory[piece.start..<piece.end]))
    }

    /// Forgets what waits.
    mutating func discard() { self.consume(self.count) }
}

/// Keeps the memory of sent pieces of one event loop for the next ones.
final class PiecePool {
    static let pieceSize = 8_192
    private static let keptPieces = 256
    private var kept: [UnsafeMutableRawBufferPointer] = []

    deinit {
        for memory in self.kept { memory.deallocate() }
    }

    /// Memory of at least `capacity` bytes.
    @inline(__always)
    func take(_ capacity: Int) -> UnsafeMutableRawBufferPointer {
        if capacity <= Self.pieceSize, let memory = self.kept.popLast() { return memory }
        return .allocate(byteCount: max(capacity, Self.pieceSize), alignment: 16)
    }

    @inline(__always)
    func giveBack(_ memory: UnsafeMutableRawBufferPointer) {
        if memory.count == Self.pieceSize, self.kept.count < Self.keptPieces {
            self.kept.append(memory)
        } else {
            memory.deallocate()
        }
    }
}
