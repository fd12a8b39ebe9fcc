import Core
import Foundation
import Hummingbird

/// `/desk/components`: every component once, with content as it is in daily work, for whoever builds pages.
enum GalleryRoutes {
    static var routes: Routes {
        var routes = Routes()
        routes.get("/desk/components", .desk) { try $0.render(GalleryPage($0)) }
        routes.post("/desk/components", .desk) { visit in
            let typed = try await visit.fields()
            let page = GalleryPage(visit, typed: typed)
            return page.errorCount == 0
                ? visit.redirect("/desk/components", toast: "web.gallery.saved")
                : try visit.render(page, status: .unprocessableContent)
        }
        routes.get("/desk/components/progress", .desk) { visit in
            try visit.json(GalleryPage.progress(visit, seconds: visit.now.millisecondsSince1970 / 1_000 % 90))
        }
        routes.post("/desk/components/toast", .desk) { visit in
            visit.redirect(
                "/desk/components", toast: "web.gallery.removed", arguments: [visit.word("web.gallery.tab.mine")],
                undo: Undo("/desk/components", fields: ["subject": visit.word("web.gallery.tab.mine")]))
        }
        return routes
    }
}
