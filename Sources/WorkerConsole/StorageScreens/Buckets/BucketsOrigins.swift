import ConsoleUI
import TrafficJournal
import WorkerDomain

/// Which exchange has written the object that is open.
struct BucketsOrigins: Sendable {
    private var object: StoredObject?
    private var origin: CarriedUploads.Origin?
    fileprivate var pending = Pending("origin")

    /// Of this version of the object.
    func origin(of object: StoredObject) -> CarriedUploads.Origin? {
        self.object?.isSameVersion(as: object) == true ? self.origin : nil
    }

    fileprivate mutating func note(_ origin: CarriedUploads.Origin?, of object: StoredObject) {
        self.object = object
        self.origin = origin
    }
}

/// What the screen does to find out who has written an object.
enum BucketsTracing {
    /// Looks through the exchanges that are kept.
    static func begin(_ object: StoredObject, in screen: inout BucketsScreen) -> [Effect] {
        [
            screen.start(\.origins.pending) { services in
                CarriedUploads.origin(
                    of: object, in: services.journal.delta(since: nil).changed, md5: services.files.md5)
            } then: { screen, origin, _ in
                screen.origins.note(origin, of: object)
                return []
            }
        ]
    }

    static func origin(of screen: BucketsScreen) -> CarriedUploads.Origin? {
        guard case .object(let object)? = screen.preview?.item else { return nil }
        return screen.origins.origin(of: object)
    }
}
