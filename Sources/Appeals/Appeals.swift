// Appeals
