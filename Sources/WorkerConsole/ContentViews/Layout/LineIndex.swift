import Synchronization

/// Places in a content from which its lines can be made again, so that scrolling back does not begin at the start.
///
/// At most ``limit`` places are kept: when there are more, every second one goes, and the next are twice as far apart.
final class LineIndex: Sendable {
    struct Place: Sendable {
        let layout: any StreamLayout
        /// The number of the next line.
        let line: Int
        /// Where its bytes begin.
        let offset: Int
    }

    private struct State {
        var places: [Place]
        var distance = 256
        /// All lines, once the end was met.
        var total: Int?
    }

    private static let limit = 512
    private let state: Mutex<State>

    init(_ places: [Place]) { self.state = Mutex(State(places: places)) }

    var total: Int? { self.state.withLock { $0.total } }

    /// The last known place at or before a line.
    func place(before line: Int) -> Place {
        self.state.withLock { state in
            let next = state.places.firstIndex { $0.line > line } ?? state.places.count
            return state.places[max(0, next - 1)]
        }
    }

    /// The line behind `line` at which the next place is wanted.
    func nextStop(after line: Int) -> Int {
        self.state.withLock { state in (line / state.distance + 1) * state.distance }
    }

    func add(_ place: Place) {
        self.state.withLock { state in
            guard place.line.isMultiple(of: state.distance), place.line > state.places.last?.line ?? -1 else { return }
            state.places.append(place)
            guard state.places.count > Self.limit else { return }
            state.distance *= 2
            let distance = state.distance
            state.places = state.places.enumerated().filter { index, place in
                index == 0 || place.line.isMultiple(of: distance)
            }.map(\.element)
        }
    }

    func end(at line: Int) { self.state.withLock { $0.total = line } }

    /// The places before a byte, with a fold changed in each.
    func toggling(fold: Int) -> LineIndex {
        let places = self.state.withLock { $0.places }
        return LineIndex(
            places.enumerated().filter { $0.offset == 0 || $0.element.offset <= fold }.map { _, place in
                var layout = place.layout
                layout.toggle(fold: fold)
                return Place(layout: layout, line: place.line, offset: place.offset)
            })
    }
}
